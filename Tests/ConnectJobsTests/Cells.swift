@testable import ConnectJobs

/// A value of a table, to be compared with literals. Texts are compared byte by byte.
enum Cell: Hashable {
  case null
  case number(Int64)
  case text([UInt8])
}

extension Cell: ExpressibleByNilLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
  ExpressibleByBooleanLiteral, CustomStringConvertible
{
  init(_ text: String) { self = .text(Array(text.utf8)) }
  init(nilLiteral: ()) { self = .null }
  init(integerLiteral value: Int64) { self = .number(value) }
  init(stringLiteral value: String) { self.init(value) }
  init(booleanLiteral value: Bool) { self = .number(value ? 1 : 0) }

  var description: String {
    switch self {
    case .null: "null"
    case .number(let value): "\(value)"
    case .text(let bytes): String(decoding: bytes, as: UTF8.self).debugDescription
    }
  }
}

extension Column {
  func cell(_ row: Int) -> Cell {
    guard !isNull(row) else { return .null }
    return switch field.kind {
    case .text, .dictionary: .text(Array(text(row)))
    case .int32, .int64, .bool, .timestamp: .number(number(row))
    }
  }

  var cells: [Cell] { (0..<length).map(cell) }

  /// The distinct words of a dictionary column, by their codes.
  var words: [Cell] {
    guard let dictionary else { return [] }
    return (0..<dictionary.count).map { code in
      let first = dictionary.offsets.bytes.load(fromByteOffset: code * 8, as: Int64.self)
      let end = dictionary.offsets.bytes.load(fromByteOffset: code * 8 + 8, as: Int64.self)
      return .text(
        (first..<end).map { dictionary.bytes.bytes.load(fromByteOffset: Int($0), as: UInt8.self) })
    }
  }

  /// The codes of a dictionary column.
  var codes: [Int32] {
    (0..<length).map { values.bytes.load(fromByteOffset: (offset + $0) * 4, as: Int32.self) }
  }

  /// The bits that say which rows are there, read from Arrow's buffer alone.
  var validityBits: [Bool]? {
    guard let validity else { return nil }
    return (offset..<offset + length).map {
      validity.bytes.load(fromByteOffset: $0 / 8, as: UInt8.self) >> ($0 % 8) & 1 == 1
    }
  }
}

extension Table {
  func cells(_ name: String) -> [Cell]? { self[name]?.cells }

  /// Row by row, for comparing whole tables.
  var allCells: [[Cell]] {
    (0..<rows).map { row in columns.map { $0.cell(row) } }
  }
}
