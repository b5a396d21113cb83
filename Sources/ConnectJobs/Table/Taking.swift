import Glibc

/// Rows taken from a table by their numbers.
extension Table {
  /// The rows of these numbers, in this order; one may come more than once.
  ///
  /// - Throws: `invalidArgument` where a row is not there.
  package func taking(_ numbers: UnsafeBufferPointer<Int64>) throws(Failure) -> Table {
    for row in numbers where row < 0 || row >= Int64(rows) {
      throw Failure(.invalidArgument, "There is no row \(row): the table has \(rows).")
    }
    var result: [Column] = []
    result.reserveCapacity(columns.count)
    for column in columns {
      guard let chosen = column.taking(numbers) else { throw .noMemory }
      result.append(chosen)
    }
    return Table(rows: numbers.count, columns: result)
  }
}

extension Column {
  /// The rows of these numbers, all of which are there; `nil` where there is no memory.
  func taking(_ rows: UnsafeBufferPointer<Int64>) -> Column? {
    guard let taken = takenValues(rows) else { return nil }
    var bits: Storage?
    var nulls = 0
    if nullCount > 0 {
      guard let those = takenBits(rows, { !isNull($0) }) else { return nil }
      bits = those.bits
      nulls = rows.count - those.set
    }
    return Column(
      field: field, length: rows.count, offset: 0, nullCount: nulls, validity: bits,
      values: taken.values, offsets: taken.offsets, dictionary: dictionary)
  }

  private func takenValues(
    _ rows: UnsafeBufferPointer<Int64>
  ) -> (values: Storage, offsets: Storage?)? {
    switch field.kind {
    case .text: return takenTexts(rows)
    case .bool: return takenBits(rows) { number($0) != 0 }.map { ($0.bits, nil) }
    case .dictionary, .int32: return takenNumbers(rows, Int32.self).map { ($0, nil) }
    case .int64, .timestamp: return takenNumbers(rows, Int64.self).map { ($0, nil) }
    }
  }

  private func takenNumbers<Number: FixedWidthInteger>(
    _ rows: UnsafeBufferPointer<Int64>, _ type: Number.Type
  ) -> Storage? {
    let size = MemoryLayout<Number>.size
    return Storage(count: rows.count * size) { bytes in
      for (place, row) in rows.enumerated() {
        let value = values.bytes.load(fromByteOffset: (offset + Int(row)) * size, as: type)
        bytes.storeBytes(of: value, toByteOffset: place * size, as: type)
      }
    }
  }

  private func takenTexts(
    _ rows: UnsafeBufferPointer<Int64>
  ) -> (values: Storage, offsets: Storage?)? {
    var total = 0
    let offsets = Storage(count: (rows.count + 1) * 8) { bytes in
      for (place, row) in rows.enumerated() {
        bytes.storeBytes(of: Int64(total), toByteOffset: place * 8, as: Int64.self)
        total += text(Int(row)).count
      }
      bytes.storeBytes(of: Int64(total), toByteOffset: rows.count * 8, as: Int64.self)
    }
    let texts = Storage(count: total) { bytes in
      var end = bytes
      var place = 0
      while place < rows.count {
        // What stands side by side is copied in one go.
        var next = place + 1
        while next < rows.count, rows[next] == rows[next - 1] + 1 { next += 1 }
        let run = textRun(Int(rows[place]), next - place)
        if run.count > 0 { memcpy(end, run.start, run.count) }
        end += run.count
        place = next
      }
    }
    guard let offsets, let texts else { return nil }
    return (texts, offsets)
  }

  /// The bytes of some rows that follow each other.
  private func textRun(_ row: Int, _ rows: Int) -> (start: UnsafeMutableRawPointer, count: Int) {
    guard let offsets else { return (values.bytes, 0) }
    let first = offsets.bytes.load(fromByteOffset: (offset + row) * 8, as: Int64.self)
    let end = offsets.bytes.load(fromByteOffset: (offset + row + rows) * 8, as: Int64.self)
    return (values.bytes + Int(first), Int(end - first))
  }

  private func takenBits(
    _ rows: UnsafeBufferPointer<Int64>, _ isSet: (Int) -> Bool
  ) -> (bits: Storage, set: Int)? {
    var count = 0
    let bits = Storage(count: (rows.count + 7) / 8) { bytes in
      memset(bytes, 0, (rows.count + 7) / 8)
      for (place, row) in rows.enumerated() where isSet(Int(row)) {
        bytes.assumingMemoryBound(to: UInt8.self)[place >> 3] |= 1 << UInt8(place & 7)
        count += 1
      }
    }
    return bits.map { ($0, count) }
  }
}

/// Texts of a column in one piece, for who splits them up in one go.
extension Column {
  /// Bytes that ``join(_:_:_:into:)`` writes for these rows.
  package func joinedCount(_ first: Int, _ count: Int) -> Int {
    if field.kind == .text, let offsets, nullCount == 0 {
      let start = offsets.bytes.load(fromByteOffset: (offset + first) * 8, as: Int64.self)
      let end = offsets.bytes.load(fromByteOffset: (offset + first + count) * 8, as: Int64.self)
      return Int(end - start) + count
    }
    return (first..<first + count).reduce(count) { $0 + (isNull($1) ? 0 : text($1).count) }
  }

  /// Writes the texts of these rows one after another, each with the separator behind it; of a null,
  /// only the separator.
  package func join(
    _ first: Int, _ count: Int, _ separator: UInt8, into start: UnsafeMutableRawPointer
  ) {
    var end = start
    for row in first..<first + count {
      if !isNull(row) {
        let text = text(row)
        if let bytes = text.baseAddress, !text.isEmpty { memcpy(end, bytes, text.count) }
        end += text.count
      }
      end.storeBytes(of: separator, as: UInt8.self)
      end += 1
    }
  }
}
