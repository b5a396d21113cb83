import CJSON
import Glibc

/// Puts the parser's events into columns. It knows where it is by the number of open containers:
///
///     depth < record   the way to the records; anything that is not on it is passed over
///     depth = record   a key chooses the column, a scalar is staged in it, `}` ends the row
///     depth > record   inside an unknown field's value: passed over
final class RecordEvents {
  private let table: TableBuilder
  private let shape: RecordShape
  private let recordDepth: Int
  private let maxEntryBytes: Int
  /// Where the field of a type that is not text is gathered while its bytes come in parts.
  private var scratch = GrowingBytes()
  /// Bytes of a time or a number that is written as text: no honest one has more.
  private static let longestNumber = 64
  private var key = GrowingBytes()
  private var times = TimestampReader()
  private var depth = 0
  /// Containers above this depth are not ours; Int.max: none.
  private var passingOver = Int.max
  private var column: UnsafeMutablePointer<ColumnBuilder>?
  /// The column whose key is likely to be next.
  private var expected = 0
  private var isAtEntries = false
  private var sawRecords = false
  /// No container was opened since a record ended.
  private var endedRecord = false
  private(set) var fault: ReadingFault?

  init(_ table: TableBuilder, _ shape: RecordShape, maxEntryBytes: Int) {
    self.table = table
    self.shape = shape
    recordDepth = shape.depth
    self.maxEntryBytes = maxEntryBytes
  }

  deinit {
    scratch.release()
    key.release()
  }

  /// A parser whose events come here; `nil` where there is no memory. It is freed before this object.
  func makeParser() -> OpaquePointer? {
    cjson_new(takeEvents, Unmanaged.passUnretained(self).toOpaque(), 64)
  }

  func restart() {
    scratch.truncate(to: 0)
    key.truncate(to: 0)
    depth = 0
    passingOver = Int.max
    column = nil
    isAtEntries = false
    sawRecords = false
    endedRecord = false
    fault = nil
  }

  /// Throws where there was no place for records at all.
  func end() throws(ReadingFault) {
    guard sawRecords else { throw .shape(expectation) }
  }

  var isInsideDocument: Bool { depth > 0 }

  /// Whether the last event was the end of a record.
  var isBehindRecord: Bool { endedRecord && depth == recordDepth - 1 }

  // MARK: Events

  /// Takes what the parser has seen; false where it is to stop.
  @inline(__always)
  fileprivate func take(_ events: UnsafeBufferPointer<cjson_event>) -> Bool {
    for event in events {
      guard take(event) else { return false }
    }
    return true
  }

  @inline(__always)
  private func take(_ event: cjson_event) -> Bool {
    switch event.kind {
    case .CJSON_KEY: key(event.text, event.count, isLast: true)
    case .CJSON_TEXT: text(event.text, event.count, isLast: true)
    case .CJSON_OBJECT_BEGIN: open(isObject: true)
    case .CJSON_OBJECT_END: closeObject()
    case .CJSON_KEY_PART: key(event.text, event.count, isLast: false)
    case .CJSON_TEXT_PART: text(event.text, event.count, isLast: false)
    case .CJSON_ARRAY_BEGIN: open(isObject: false)
    case .CJSON_ARRAY_END: closeArray()
    case .CJSON_INTEGER: number(event.integer)
    case .CJSON_REAL: real(event.real)
    case .CJSON_BOOLEAN: boolean(event.integer != 0)
    case .CJSON_NULL: null()
    }
  }

  private func open(isObject: Bool) -> Bool {
    depth += 1
    endedRecord = false
    guard passingOver == Int.max else { return true }
    if depth > recordDepth {
      guard column == nil else { return wrongType() }
      passingOver = depth
      return true
    }
    if depth == recordDepth {
      sawRecords = true
      return isObject || stop(.shape("a record is not an object"))
    }
    if depth == 1 {
      if shape == .array { sawRecords = true }
      return isObject == (shape != .array) || stop(.shape(expectation))
    }
    // Depth 2 of `entries`: the array, or another field's value.
    guard isAtEntries else {
      passingOver = depth
      return true
    }
    isAtEntries = false
    sawRecords = true
    return !isObject || stop(.shape(expectation))
  }

  private func closeArray() -> Bool {
    depth -= 1
    if depth < passingOver { passingOver = Int.max }
    return true
  }

  private func closeObject() -> Bool {
    depth -= 1
    guard passingOver == Int.max else {
      if depth < passingOver { passingOver = Int.max }
      return true
    }
    guard depth == recordDepth - 1 else { return true }
    column = nil
    endedRecord = true
    return table.commitRow() || stop(.noMemory)
  }

  @inline(__always)
  private func key(_ bytes: UnsafeRawPointer, _ length: Int, isLast: Bool) -> Bool {
    guard passingOver == Int.max else { return true }
    if isLast, key.count == 0 { return choose(bytes, length) }
    return gatherKey(bytes, length, isLast)
  }

  /// A key that comes in parts. None of ours is longer than a few dozen bytes.
  private func gatherKey(_ bytes: UnsafeRawPointer, _ length: Int, _ isLast: Bool) -> Bool {
    let room = 256 - key.count
    guard key.append(bytes, min(length, room)) else { return stop(.noMemory) }
    guard isLast, let start = key.start else { return true }
    let whole = key.count
    key.truncate(to: 0)
    return choose(start, whole)
  }

  @inline(__always)
  private func choose(_ bytes: UnsafeRawPointer, _ length: Int) -> Bool {
    guard depth == recordDepth else {
      isAtEntries =
        shape == .entries && depth == 1 && length == 7
        && memcmp(bytes, "entries", 7) == 0
      return true
    }
    column = find(ShortText(bytes, length), bytes)
    if let column, column.pointee.isStaged { column.pointee.unstage() }
    return true
  }

  /// The column of that name: mostly the one after the last, as servers write their fields in one
  /// order.
  @inline(__always)
  private func find(
    _ key: ShortText, _ bytes: UnsafeRawPointer
  ) -> UnsafeMutablePointer<ColumnBuilder>? {
    let count = table.fields.count
    var index = expected
    for _ in 0..<count {
      if index >= count { index = 0 }
      let candidate = table.columns + index
      index += 1
      guard candidate.pointee.isNamed(key, bytes) else { continue }
      expected = index
      return candidate
    }
    return nil
  }

  @inline(__always)
  private func text(_ bytes: UnsafeRawPointer, _ length: Int, isLast: Bool) -> Bool {
    guard let column else { return scalar() }
    guard passingOver == Int.max else { return true }
    switch column.pointee.field.kind {
    case .text:
      guard column.pointee.stagedBytes + length <= maxEntryBytes else {
        return stop(.entryTooLarge)
      }
      if isLast { column.pointee.stageText() }
      return column.pointee.appendText(bytes, length) || stop(.noMemory)
    case .dictionary:
      guard column.pointee.stagedBytes + length <= maxEntryBytes else {
        return stop(.entryTooLarge)
      }
      if isLast { column.pointee.stageText() }
      return column.pointee.appendWord(bytes, length, isWhole: isLast) || stop(.noMemory)
    case .timestamp:
      if isLast, scratch.count == 0, length <= Self.longestNumber {
        return time(bytes, length, column)
      }
      return gather(bytes, length, isLast, column)
    case .int32, .int64, .bool:
      return gather(bytes, length, isLast, column)
    }
  }

  private func gather(
    _ bytes: UnsafeRawPointer, _ length: Int, _ isLast: Bool,
    _ column: UnsafeMutablePointer<ColumnBuilder>
  ) -> Bool {
    guard scratch.count + length <= Self.longestNumber else { return wrongType() }
    guard scratch.append(bytes, length) else { return stop(.noMemory) }
    guard isLast else { return true }
    let whole = UnsafeRawBufferPointer(start: scratch.start, count: scratch.count)
    defer { scratch.truncate(to: 0) }
    if column.pointee.field.kind == .timestamp {
      guard let start = whole.baseAddress else { return true }
      return time(start, whole.count, column)
    }
    // Some servers send numbers as text; an empty one is none.
    guard !whole.isEmpty else { return true }
    guard let value = Int64(String(decoding: whole, as: UTF8.self)) else { return wrongType() }
    return number(value)
  }

  @inline(__always)
  private func time(
    _ bytes: UnsafeRawPointer, _ length: Int, _ column: UnsafeMutablePointer<ColumnBuilder>
  ) -> Bool {
    switch times.parse(UnsafeRawBufferPointer(start: bytes, count: length)) {
    case .nanoseconds(let value): column.pointee.stage(value)
    case .absent: break
    case .invalid: return wrongType()
    }
    return true
  }

  private func number(_ value: Int64) -> Bool {
    guard passingOver == Int.max else { return true }
    guard let column else { return scalar() }
    switch column.pointee.field.kind {
    case .int32:
      guard Int32(exactly: value) != nil else { return wrongType() }
      column.pointee.stage(value)
    case .int64: column.pointee.stage(value)
    case .text, .dictionary: return table.stage(String(value), at: column - table.columns)
    case .timestamp, .bool: return wrongType()
    }
    return true
  }

  private func real(_ value: Double) -> Bool {
    guard passingOver == Int.max, column != nil else { return passingOver != Int.max || scalar() }
    guard let whole = Int64(exactly: value) else { return wrongType() }
    return number(whole)
  }

  private func boolean(_ value: Bool) -> Bool {
    guard passingOver == Int.max else { return true }
    guard let column else { return scalar() }
    guard column.pointee.field.kind == .bool else { return wrongType() }
    column.pointee.stage(value ? 1 : 0)
    return true
  }

  private func null() -> Bool {
    guard passingOver == Int.max else { return true }
    // Go writes an empty list as null.
    if depth == 0, shape == .array {
      sawRecords = true
    } else if depth == 1, isAtEntries {
      sawRecords = true
    } else if depth < recordDepth, column == nil {
      return scalar()
    }
    isAtEntries = false
    return true
  }

  /// A plain value where no column is chosen: one of an unknown field, or one where there should
  /// be a record.
  private func scalar() -> Bool {
    if passingOver != Int.max || depth == recordDepth { return true }
    if depth == 1, shape == .entries, !isAtEntries { return true }
    return stop(.shape(expectation))
  }

  private var expectation: String {
    switch shape {
    case .object: "it is not an object"
    case .array: "it is not a list of objects"
    case .entries: "it is not an object with a list of entries"
    }
  }

  private func wrongType() -> Bool {
    let name = column.map { "\($0.pointee.field.name)" } ?? "field"
    return stop(.shape("the field \"\(name)\" has a value of another type"))
  }

  private func stop(_ reason: ReadingFault) -> Bool {
    fault = reason
    return false
  }
}

/// The C side of ``RecordEvents``: the events find their reader in the context. It outlives the
/// parser; no reference is counted on the way.
private let takeEvents: cjson_receiver = { context, events, count in
  guard let context else { return false }
  let all = UnsafeBufferPointer(start: events, count: count)
  return Unmanaged<RecordEvents>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.take(all) }
}

extension cjson_event {
  fileprivate var text: UnsafeRawPointer { UnsafeRawPointer(bytes) }
  fileprivate var count: Int { Int(length) }
}
