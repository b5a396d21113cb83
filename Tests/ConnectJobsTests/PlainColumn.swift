@testable import ConnectJobs

/// A column as a plain Swift array, and the real one that is built from it.
struct PlainColumn {
  let kind: ColumnKind
  var cells: [Cell]

  static let allKinds: [ColumnKind] = [.text, .dictionary, .int32, .int64, .bool, .timestamp]

  /// A column of so many rows; about one in `nullEvery` is null (0: none, 1: all).
  static func random(
    _ kind: ColumnKind, rows: Int, nullEvery: Int, _ numbers: inout SeededNumbers
  ) -> PlainColumn {
    PlainColumn(
      kind: kind,
      cells: (0..<rows).map { _ in
        if nullEvery > 0, numbers.bool(nullEvery) { return .null }
        return cell(kind, &numbers)
      })
  }

  private static func cell(_ kind: ColumnKind, _ numbers: inout SeededNumbers) -> Cell {
    switch kind {
    case .text: .text(bytes(Int.random(in: 0...40, using: &numbers), &numbers))
    case .dictionary: .text(bytes(Int.random(in: 0...1, using: &numbers), &numbers))
    case .int32: .number(Int64(Int32.random(in: .min ... .max, using: &numbers)))
    case .int64, .timestamp: .number(Int64.random(in: .min ... .max, using: &numbers))
    case .bool: numbers.bool() ? true : false
    }
  }

  private static func bytes(_ count: Int, _ numbers: inout SeededNumbers) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...127, using: &numbers) }
  }

  /// Puts a row's value into a builder, a text in parts; `nil` says that there was no memory.
  func stage(_ row: Int, in builder: inout ColumnBuilder) -> Bool {
    switch cells[row] {
    case .null: return true
    case .number(let value): builder.stage(value)
    case .text(let bytes):
      for part in [bytes.prefix(row % 7), bytes.dropFirst(row % 7)] {
        let isDone = part.withUnsafeBytes { part in
          part.baseAddress.map { builder.append($0, part.count) } ?? true
        }
        guard isDone else { return false }
      }
      builder.stageText()
    }
    return true
  }

  /// The column that the library builds from it; `nil` where there was no memory.
  func built() -> Column? {
    var builder = ColumnBuilder(Field("column", kind))
    for row in cells.indices {
      guard stage(row, in: &builder), builder.commit() else { return nil }
    }
    return builder.finish()
  }
}

extension Column {
  /// Whether the column is laid out as Arrow says: lengths, offsets, validity, codes.
  var isWellFormed: Bool {
    let end = offset + length
    let nulls = (0..<length).filter(isNull).count
    guard nullCount == nulls, validity.map({ $0.count * 8 >= end }) ?? (nulls == 0) else {
      return false
    }
    switch field.kind {
    case .text:
      guard let offsets, offsets.count >= (end + 1) * 8 else { return false }
      return isAscending(offsets, upTo: end, within: values.count)
    case .dictionary:
      guard let dictionary, dictionary.offsets.count == (dictionary.count + 1) * 8 else {
        return false
      }
      return values.count >= end * 4
        && codes.allSatisfy { (0..<Int32(dictionary.count)).contains($0) }
        && isAscending(dictionary.offsets, upTo: dictionary.count, within: dictionary.bytes.count)
        && Set(words).count == words.count
    case .int32: return values.count >= end * 4
    case .int64, .timestamp: return values.count >= end * 8
    case .bool: return values.count * 8 >= end
    }
  }

  private func isAscending(_ offsets: Storage, upTo last: Int, within bytes: Int) -> Bool {
    let all = (0...last).map { offsets.bytes.load(fromByteOffset: $0 * 8, as: Int64.self) }
    return all.first == 0 && zip(all, all.dropFirst()).allSatisfy(<=)
      && all.allSatisfy { $0 <= bytes }
  }
}
