import CConnectJobs
import ConnectJobs

/// Tables in the Arrow C Data Interface: the consumer's structs point at the table's own buffers.
///
/// Each exported struct owns its part of a tree and, through its private data, the storage that it
/// points at, so that a consumer may move a child out, and release in any order, from any thread.
enum ArrowExport {
  static func schema(of table: Table) -> ArrowSchema {
    var root = node(format: "+s", name: "", flags: 0)
    let children = table.columns.map { column in
      var child = node(
        format: format(of: column.field.kind), name: column.field.name,
        flags: Int64(ARROW_FLAG_NULLABLE))
      if column.field.kind == .dictionary {
        child.dictionary = boxed(node(format: "U", name: "", flags: 0))
      }
      return boxed(child)
    }
    root.n_children = Int64(children.count)
    root.children = list(children)
    return root
  }

  static func array(of table: Table) -> ArrowArray {
    var root = node(table.rows, nulls: 0, offset: 0, [nil], keeping: [])
    let children = table.columns.map { boxed(array(of: $0)) }
    root.n_children = Int64(children.count)
    root.children = list(children)
    return root
  }

  private static func array(of column: Column) -> ArrowArray {
    var buffers = [column.validity, column.values]
    if column.field.kind == .text { buffers = [column.validity, column.offsets, column.values] }
    var result = node(
      column.length, nulls: column.nullCount, offset: column.offset, buffers.map { $0?.bytes },
      keeping: buffers.compactMap { $0 })
    if let dictionary = column.dictionary {
      result.dictionary = boxed(
        node(
          dictionary.count, nulls: 0, offset: 0,
          [nil, dictionary.offsets.bytes, dictionary.bytes.bytes],
          keeping: [dictionary.offsets, dictionary.bytes]))
    }
    return result
  }

  private static func format(of kind: ColumnKind) -> StaticString {
    switch kind {
    case .text: "U"
    case .dictionary, .int32: "i"
    case .int64: "l"
    case .bool: "b"
    case .timestamp: "tsn:UTC"
    }
  }

  // MARK: Nodes

  private static func node(format: StaticString, name: StaticString, flags: Int64) -> ArrowSchema {
    var schema = ArrowSchema()
    schema.format = cString(format)
    schema.name = cString(name)
    schema.flags = flags
    schema.release = { schema in
      guard let schema else { return }
      ArrowExport.releaseChildren(schema.pointee.children, schema.pointee.n_children) {
        $0.pointee.release?($0)
      }
      ArrowExport.free(schema.pointee.dictionary) { $0.pointee.release?($0) }
      schema.pointee.release = nil
    }
    return schema
  }

  private static func node(
    _ length: Int, nulls: Int, offset: Int, _ buffers: [UnsafeMutableRawPointer?],
    keeping storage: [Storage]
  ) -> ArrowArray {
    var array = ArrowArray()
    array.length = Int64(length)
    array.null_count = Int64(nulls)
    array.offset = Int64(offset)
    array.n_buffers = Int64(buffers.count)
    array.buffers = list(buffers.map { UnsafeRawPointer($0) })
    array.private_data = Unmanaged.passRetained(KeptStorage(storage)).toOpaque()
    array.release = { array in
      guard let array else { return }
      ArrowExport.releaseChildren(array.pointee.children, array.pointee.n_children) {
        $0.pointee.release?($0)
      }
      ArrowExport.free(array.pointee.dictionary) { $0.pointee.release?($0) }
      array.pointee.buffers?.deallocate()
      if let data = array.pointee.private_data {
        Unmanaged<KeptStorage>.fromOpaque(data).release()
      }
      array.pointee.release = nil
    }
    return array
  }

  private static func boxed<Node>(_ node: Node) -> UnsafeMutablePointer<Node> {
    let box = UnsafeMutablePointer<Node>.allocate(capacity: 1)
    box.initialize(to: node)
    return box
  }

  private static func list<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element?> {
    let list = UnsafeMutablePointer<Element?>.allocate(capacity: max(1, elements.count))
    for (index, element) in elements.enumerated() { (list + index).initialize(to: element) }
    return list
  }

  private static func list(_ elements: [UnsafeRawPointer?]) -> UnsafeMutablePointer<
    UnsafeRawPointer?
  > {
    let list = UnsafeMutablePointer<UnsafeRawPointer?>.allocate(capacity: max(1, elements.count))
    for (index, element) in elements.enumerated() { (list + index).initialize(to: element) }
    return list
  }

  /// A child that a consumer moved out has no release function any more; its box is ours still.
  private static func releaseChildren<Node>(
    _ children: UnsafeMutablePointer<UnsafeMutablePointer<Node>?>?, _ count: Int64,
    _ release: (UnsafeMutablePointer<Node>) -> Void
  ) {
    guard let children else { return }
    for index in 0..<Int(count) { free(children[index], release) }
    children.deallocate()
  }

  private static func free<Node>(
    _ node: UnsafeMutablePointer<Node>?, _ release: (UnsafeMutablePointer<Node>) -> Void
  ) {
    guard let node else { return }
    release(node)
    node.deallocate()
  }
}

/// What an exported array keeps alive.
private final class KeptStorage {
  let storage: [Storage]

  init(_ storage: [Storage]) {
    self.storage = storage
  }
}
