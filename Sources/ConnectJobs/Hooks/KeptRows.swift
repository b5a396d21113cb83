import Glibc

/// Which rows of a table are kept. Nothing is written down as long as it is all of them.
struct KeptRows {
  /// `nil`: all of them so far.
  private var picked: [Int64]?

  /// These rows of the table; the table itself where they are all of it.
  func taken(from table: Table) throws(Failure) -> Table {
    guard let picked else { return table }
    guard let first = picked.first, let last = picked.last,
      last - first == Int64(picked.count - 1)
    else {
      var result = Result<Table, Failure>.failure(.noMemory)
      picked.withUnsafeBufferPointer { rows in
        do throws(Failure) { result = .success(try table.taking(rows)) } catch {
          result = .failure(error)
        }
      }
      return try result.get()
    }
    return table.slice(Int(first), picked.count) ?? table
  }

  @inline(__always)
  mutating func keep(_ row: Int) {
    if picked != nil { picked?.append(Int64(row)) }
  }

  @inline(__always)
  mutating func drop(_ row: Int) {
    if picked == nil { picked = Array(0..<Int64(row)) }
  }

  /// Neither this row nor any after it is kept.
  mutating func end(_ row: Int) { drop(row) }
}

/// The lines that a rewriting function gave, as a column in the making.
struct RewrittenText {
  private let call: HookCall
  private var bytes = GrowingBytes()
  private var ends = GrowingBytes()
  private var rows = 0

  init(_ call: HookCall) {
    self.call = call
  }

  mutating func expect(_ bytes: Int, rows: Int) {
    self.bytes.expect(bytes)
    ends.expect((rows + 1) * 8)
  }

  /// Takes over what the function returned, and frees it where that was agreed.
  ///
  /// - Returns: whether there is a line that can be passed on.
  mutating func take(_ frame: CallFrame) -> Bool {
    guard let text = frame.returnedText else { return false }
    let isTaken = append(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    // What it was given itself is ours.
    if let free = call.free, !frame.wasGiven(text) {
      typealias Free = @convention(c) (UnsafeMutableRawPointer?) -> Void
      unsafeBitCast(free, to: Free.self)(UnsafeMutableRawPointer(mutating: text))
    }
    return isTaken
  }

  private mutating func append(_ line: UnsafeRawBufferPointer) -> Bool {
    guard Self.isUTF8(line), let start = line.baseAddress else { return false }
    let before = bytes.count
    guard rows > 0 || ends.append(Int64(0)), bytes.append(start, line.count),
      ends.append(Int64(bytes.count))
    else {
      bytes.truncate(to: before)
      return false
    }
    rows += 1
    return true
  }

  /// A table's text always is.
  private static func isUTF8(_ line: UnsafeRawBufferPointer) -> Bool {
    line.withMemoryRebound(to: UInt8.self) { (try? UTF8Span(validating: $0.span)) != nil }
  }

  /// The lines, in the place of a column.
  mutating func column(like column: Column?) throws(Failure) -> Column? {
    guard let column else { return nil }
    guard rows > 0 || ends.append(Int64(0)), let offsets = ends.finish(),
      let values = bytes.finish()
    else { throw .noMemory }
    return Column(
      field: column.field, length: rows, offset: 0, nullCount: 0, validity: nil, values: values,
      offsets: offsets, dictionary: nil)
  }

  mutating func release() {
    bytes.release()
    ends.release()
  }
}

extension Table {
  /// With another column in the place of the one of the same name.
  func replacing(_ column: Column) -> Table {
    let name = column.field.name.description
    return Table(
      rows: rows, columns: columns.map { $0.field.name.description == name ? column : $0 })
  }
}
