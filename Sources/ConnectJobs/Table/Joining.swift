import Glibc

/// Tables of the same columns, one below the other.
extension Table {
  /// - Returns: `nil` where there is no memory, or no table.
  static func joining(_ tables: [Table]) -> Table? {
    guard let first = tables.first else { return nil }
    if tables.count == 1 { return first }
    var columns: [Column] = []
    for index in first.columns.indices {
      guard let joined = ColumnJoint(tables.map { $0.columns[index] }).column() else { return nil }
      columns.append(joined)
    }
    return Table(rows: tables.reduce(0) { $0 + $1.rows }, columns: columns)
  }
}

/// Columns of one field that become one.
private struct ColumnJoint {
  let parts: [Column]
  let rows: Int
  let nulls: Int

  /// - Parameter parts: at least one.
  init(_ parts: [Column]) {
    self.parts = parts
    rows = parts.reduce(0) { $0 + $1.length }
    nulls = parts.reduce(0) { $0 + $1.nullCount }
  }

  func column() -> Column? {
    var bits: Storage?
    if nulls > 0 {
      guard let made = validity() else { return nil }
      bits = made
    }
    guard let first = parts.first else { return nil }
    switch first.field.kind {
    case .text: return texts(first.field, bits)
    case .dictionary: return words(first.field, bits)
    case .int32: return plain(first.field, bits, numbers(4))
    case .int64, .timestamp: return plain(first.field, bits, numbers(8))
    case .bool: return plain(first.field, bits, bitmap { $0.number($1) != 0 })
    }
  }

  private func plain(_ field: Field, _ bits: Storage?, _ values: Storage?) -> Column? {
    values.map {
      Column(
        field: field, length: rows, offset: 0, nullCount: nulls, validity: bits, values: $0,
        offsets: nil, dictionary: nil)
    }
  }

  private func numbers(_ size: Int) -> Storage? {
    Storage(count: rows * size) { bytes in
      var end = bytes
      for part in parts {
        memcpy(end, part.values.bytes + part.offset * size, part.length * size)
        end += part.length * size
      }
    }
  }

  private func bitmap(_ isSet: (Column, Int) -> Bool) -> Storage? {
    Storage(count: (rows + 7) / 8) { bytes in
      memset(bytes, 0, (rows + 7) / 8)
      let bits = bytes.assumingMemoryBound(to: UInt8.self)
      var place = 0
      for part in parts {
        for row in 0..<part.length {
          if isSet(part, row) { bits[place >> 3] |= 1 << UInt8(place & 7) }
          place += 1
        }
      }
    }
  }

  private func validity() -> Storage? { bitmap { !$0.isNull($1) } }

  private func texts(_ field: Field, _ bits: Storage?) -> Column? {
    var total = 0
    let offsets = Storage(count: (rows + 1) * 8) { bytes in
      var end = bytes
      for part in parts {
        let bounds = part.bounds
        for row in 0..<part.length {
          end.storeBytes(of: Int64(total) + bounds[row] - bounds[0], as: Int64.self)
          end += 8
        }
        total += Int(bounds[part.length] - bounds[0])
      }
      end.storeBytes(of: Int64(total), as: Int64.self)
    }
    let values = Storage(count: total) { bytes in
      var end = bytes
      for part in parts {
        let bounds = part.bounds
        let length = Int(bounds[part.length] - bounds[0])
        memcpy(end, part.values.bytes + Int(bounds[0]), length)
        end += length
      }
    }
    guard let offsets, let values else { return nil }
    return Column(
      field: field, length: rows, offset: 0, nullCount: nulls, validity: bits, values: values,
      offsets: offsets, dictionary: nil)
  }

  private func words(_ field: Field, _ bits: Storage?) -> Column? {
    var list = WordList()
    defer { list.release() }
    // Of each part, the new codes of its words.
    var codes: [[Int32]] = []
    for part in parts {
      var renamed: [Int32] = []
      // A part without values has an empty word, for its codes to point at.
      let hasValues = part.nullCount < part.length
      for code in 0..<(hasValues ? part.dictionary?.count ?? 0 : 0) {
        guard let word = part.dictionary?.word(code), let first = word.baseAddress,
          list.append(first, word.count), let new = list.intern()
        else { return nil }
        renamed.append(new)
      }
      codes.append(renamed)
    }
    if rows > 0, list.count == 0, list.intern() == nil { return nil }
    let values = Storage(count: rows * 4) { bytes in
      var end = bytes
      for (part, renamed) in zip(parts, codes) {
        for row in 0..<part.length {
          let code = Int(part.code(row))
          end.storeBytes(of: code < renamed.count ? renamed[code] : 0, as: Int32.self)
          end += 4
        }
      }
    }
    guard let values, let dictionary = list.finish() else { return nil }
    return Column(
      field: field, length: rows, offset: 0, nullCount: nulls, validity: bits, values: values,
      offsets: nil, dictionary: dictionary)
  }
}

extension Column {
  /// Where the texts of a text column begin and end.
  fileprivate var bounds: UnsafePointer<Int64> {
    let start = (offsets ?? values).bytes.assumingMemoryBound(to: Int64.self)
    return UnsafePointer(start + offset)
  }
}
