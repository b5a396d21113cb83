/// The types of columns; the numbers of the C contract.
package enum ColumnKind: Int32, Sendable {
  case text = 1
  case dictionary = 2
  case int32 = 3
  case int64 = 4
  case bool = 5
  case timestamp = 6
}

/// A column's name and type. Names are static text, so that C may borrow them.
package struct Field: Sendable {
  package let name: StaticString
  package let kind: ColumnKind

  init(_ name: StaticString, _ kind: ColumnKind) {
    self.name = name
    self.kind = kind
  }
}

/// One column's buffers, in Arrow's layout. `offset` is the first row's place in each.
package struct Column: Sendable {
  package let field: Field
  package let length: Int
  package let offset: Int
  package let nullCount: Int
  package let validity: Storage?
  package let values: Storage
  package let offsets: Storage?
  package let dictionary: Values?

  /// The distinct texts of a dictionary column.
  package struct Values: Sendable {
    package let count: Int
    package let bytes: Storage
    package let offsets: Storage
  }

  package func isNull(_ row: Int) -> Bool {
    guard let validity else { return false }
    let bit = offset + row
    return validity.bytes.load(fromByteOffset: bit >> 3, as: UInt8.self) & (1 << (bit & 7)) == 0
  }

  /// The bytes of a text or dictionary column's row that is not null.
  package func text(_ row: Int) -> UnsafeRawBufferPointer {
    if let dictionary {
      let code = values.bytes.loadUnaligned(fromByteOffset: (offset + row) * 4, as: Int32.self)
      return Self.slice(dictionary.bytes, dictionary.offsets, Int(code))
    }
    guard let offsets else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return Self.slice(values, offsets, offset + row)
  }

  /// The number in an integer, bool or timestamp column's row.
  package func number(_ row: Int) -> Int64 {
    let at = offset + row
    switch field.kind {
    case .int32: return Int64(values.bytes.load(fromByteOffset: at * 4, as: Int32.self))
    case .int64, .timestamp: return values.bytes.load(fromByteOffset: at * 8, as: Int64.self)
    case .bool:
      return Int64(values.bytes.load(fromByteOffset: at >> 3, as: UInt8.self) >> (at & 7) & 1)
    case .text, .dictionary: return 0
    }
  }

  func slice(_ first: Int, _ count: Int) -> Column {
    var nulls = 0
    if validity != nil { for row in first..<first + count where isNull(row) { nulls += 1 } }
    return Column(
      field: field, length: count, offset: offset + first, nullCount: nulls, validity: validity,
      values: values, offsets: offsets, dictionary: dictionary)
  }

  private static func slice(
    _ bytes: Storage, _ offsets: Storage, _ row: Int
  ) -> UnsafeRawBufferPointer {
    let first = offsets.bytes.load(fromByteOffset: row * 8, as: Int64.self)
    let end = offsets.bytes.load(fromByteOffset: row * 8 + 8, as: Int64.self)
    return UnsafeRawBufferPointer(start: bytes.bytes + Int(first), count: Int(end - first))
  }
}

/// Rows and typed columns; immutable, so any thread may read it.
package final class Table: Sendable {
  package let rows: Int
  package let columns: [Column]

  init(rows: Int, columns: [Column]) {
    self.rows = rows
    self.columns = columns
  }

  /// The column of that name.
  package subscript(_ name: String) -> Column? {
    columns.first { $0.field.name.description == name }
  }

  /// Rows `first ..< first + count`, sharing this table's memory; `nil` where they are not there.
  package func slice(_ first: Int, _ count: Int) -> Table? {
    guard first >= 0, count >= 0, first <= rows, count <= rows - first else { return nil }
    return Table(rows: count, columns: columns.map { $0.slice(first, count) })
  }

  /// A text, for the core's own reading of small tables.
  func string(_ name: String, _ row: Int) -> String? {
    guard let column = self[name], !column.isNull(row) else { return nil }
    return String(decoding: column.text(row), as: UTF8.self)
  }

  func integer(_ name: String, _ row: Int) -> Int64? {
    guard let column = self[name], !column.isNull(row) else { return nil }
    return column.number(row)
  }
}
