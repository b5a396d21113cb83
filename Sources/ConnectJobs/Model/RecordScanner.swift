import CJSON
import Glibc

/// The short way from the wire to the columns: takes records of the usual kind, which are flat and
/// complete within the piece, straight from the bytes.
///
/// It decides nothing that the parser would decide otherwise. A record that is cut off, nested, or
/// odd in any way is left unread, and the parser, which knows all of JSON, reads it from its
/// beginning:
///
///     record   {…}, each member known to be well formed    -> staged, then a row
///              cut off by the piece's end                  -> left
///              an array, an object, a fraction, a fault    -> left
struct RecordScanner {
  typealias Bytes = UnsafePointer<UInt8>
  typealias ColumnPointer = UnsafeMutablePointer<ColumnBuilder>

  private let table: TableBuilder
  private let maxEntryBytes: Int
  /// No text that is read in the quick way can be too long.
  private let allowsPlain: Bool
  private var times = TimestampReader()
  private var text = TextScanner()
  private var keys: KeySequence
  /// A row could not be ended: the columns do not have the same length any more.
  private(set) var isOutOfMemory = false

  init(_ table: TableBuilder, maxEntryBytes: Int) {
    self.table = table
    self.maxEntryBytes = maxEntryBytes
    allowsPlain = maxEntryBytes >= ColumnBuilder.longestPlainText
    keys = KeySequence(table)
  }

  mutating func release() {
    text.release()
    keys.release()
  }

  // MARK: Records

  /// Takes records that stand one after another, with or without space between.
  ///
  /// - Returns: how many bytes were used.
  mutating func takeDocuments(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
    let end = start + bytes.count
    var at = Self.skipSpace(start, end)
    while at < end, let next = takeRecord(at, end) { at = Self.skipSpace(next, end) }
    return at - start
  }

  /// Takes records of a list of which one has been read: each has a comma before it.
  ///
  /// - Returns: how many bytes were used.
  mutating func takeElements(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
    let end = start + bytes.count
    var at = start
    while let record = Self.after(",", at, end), let next = takeRecord(record, end) { at = next }
    return at - start
  }

  /// - Returns: where it ends; `nil`: it is left.
  @inline(__always)
  private mutating func takeRecord(_ start: Bytes, _ end: Bytes) -> Bytes? {
    guard start < end, start.pointee == UInt8(ascii: "{") else { return nil }
    guard let next = stageMembers(start, end) else {
      for index in table.fields.indices { table.columns[index].unstage() }
      return nil
    }
    guard table.commitRow() else {
      isOutOfMemory = true
      return nil
    }
    return next
  }

  @inline(__always)
  private mutating func stageMembers(_ start: Bytes, _ end: Bytes) -> Bytes? {
    var at = start
    var place = 0
    repeat {
      let column: ColumnPointer?
      if let known = keys.match(at, end, place) {
        column = known.column
        at = known.end
      } else if let found = findKey(at, end, place) {
        column = found.column
        at = found.end
      } else {
        return isEmpty(at, end, place)
      }
      guard let next = stageValue(at, end, column) else { return nil }
      at = Self.skipSpace(next, end)
      place += 1
      guard at < end else { return nil }
    } while at.pointee != UInt8(ascii: "}")
    return at + 1
  }

  /// Of an object without members, its end.
  private func isEmpty(_ start: Bytes, _ end: Bytes, _ place: Int) -> Bytes? {
    guard place == 0, let close = Self.after("{", start, end), close < end,
      close.pointee == UInt8(ascii: "}")
    else { return nil }
    return close + 1
  }

  /// Reads a key and what stands around it: a brace or a comma before it, a colon behind.
  @inline(never)
  private mutating func findKey(
    _ start: Bytes, _ end: Bytes, _ place: Int
  ) -> (column: ColumnPointer?, end: Bytes)? {
    guard let quote = Self.after(place == 0 ? "{" : ",", start, end), quote < end,
      quote.pointee == UInt8(ascii: "\"")
    else { return nil }
    let stop = TextScanner.plainEnd(quote + 1, end)
    guard stop.isASCII, stop.end < end, stop.end.pointee == UInt8(ascii: "\""),
      let value = Self.after(":", stop.end + 1, end)
    else { return nil }
    let length = stop.end - quote - 1
    let key = ShortText(quote + 1, length)
    let index = table.fields.indices.first { table.columns[$0].isNamed(key, quote + 1) }
    keys.learn(start, value, place, column: index)
    return (index.map { table.columns + $0 }, value)
  }

  // MARK: Values

  /// - Returns: where the value ends; `nil`: it is not one of the usual.
  @inline(__always)
  private mutating func stageValue(_ start: Bytes, _ end: Bytes, _ column: ColumnPointer?) -> Bytes?
  {
    // The last of the same key counts.
    if let column, column.pointee.isStaged { column.pointee.unstage() }
    switch start < end ? start.pointee : 0 {
    case UInt8(ascii: "\""):
      if let column, allowsPlain, let next = stagePlain(start + 1, end, column) { return next }
      return stageText(start + 1, end, column)
    case UInt8(ascii: "n"): return Self.literal("null", start, end)
    case UInt8(ascii: "t"): return stageFlag("true", 1, start, end, column)
    case UInt8(ascii: "f"): return stageFlag("false", 0, start, end, column)
    default: return stageInteger(start, end, column)
    }
  }

  /// The usual texts: one without escapes, a word that came just before, a time in UTC.
  @inline(__always)
  private mutating func stagePlain(_ start: Bytes, _ end: Bytes, _ column: ColumnPointer) -> Bytes?
  {
    switch column.pointee.field.kind {
    case .text: return column.pointee.stagePlainText(start, end)
    case .dictionary: return column.pointee.stageRecentWord(start, end)
    case .timestamp:
      guard end - start > TimestampReader.longest, let time = times.parseCommon(start),
        start[time.length] == UInt8(ascii: "\"")
      else { return nil }
      column.pointee.stage(time.nanoseconds)
      return start + time.length + 1
    case .int32, .int64, .bool: return nil
    }
  }

  /// Any text.
  @inline(never)
  private mutating func stageText(_ start: Bytes, _ end: Bytes, _ column: ColumnPointer?) -> Bytes?
  {
    guard let (bytes, next) = text.scan(start, end), bytes.count <= maxEntryBytes else {
      return nil
    }
    guard let column, let first = bytes.baseAddress else { return next }
    switch column.pointee.field.kind {
    case .text:
      guard column.pointee.appendText(first, bytes.count) else { return nil }
      column.pointee.stageText()
    case .dictionary:
      guard column.pointee.appendWord(first, bytes.count, isWhole: true) else { return nil }
      column.pointee.stageText()
    case .timestamp:
      guard bytes.count <= 64 else { return nil }
      switch times.parse(bytes) {
      case .nanoseconds(let value): column.pointee.stage(value)
      case .absent: break
      case .invalid: return nil
      }
    case .int32, .int64, .bool: return nil
    }
    return next
  }

  private func stageFlag(
    _ word: StaticString, _ value: Int64, _ start: Bytes, _ end: Bytes, _ column: ColumnPointer?
  ) -> Bytes? {
    if let column {
      guard column.pointee.field.kind == .bool else { return nil }
      column.pointee.stage(value)
    }
    return Self.literal(word, start, end)
  }

  private func stageInteger(_ start: Bytes, _ end: Bytes, _ column: ColumnPointer?) -> Bytes? {
    guard let (value, next) = Self.integer(start, end) else { return nil }
    guard let column else { return next }
    switch column.pointee.field.kind {
    case .int32: guard Int32(exactly: value) != nil else { return nil }
    case .int64: break
    case .text, .dictionary, .timestamp, .bool: return nil
    }
    column.pointee.stage(value)
    return next
  }

  // MARK: Parts

  @inline(__always)
  private static func skipSpace(_ start: Bytes, _ end: Bytes) -> Bytes {
    var at = start
    while at < end, at.pointee <= 0x20, isSpace(at.pointee) { at += 1 }
    return at
  }

  @inline(__always)
  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
  }

  /// What follows a mark, with space around it.
  @inline(__always)
  private static func after(_ mark: Unicode.Scalar, _ start: Bytes, _ end: Bytes) -> Bytes? {
    let at = skipSpace(start, end)
    guard at < end, at.pointee == UInt8(ascii: mark) else { return nil }
    return skipSpace(at + 1, end)
  }

  @inline(__always)
  private static func literal(_ word: StaticString, _ start: Bytes, _ end: Bytes) -> Bytes? {
    let length = word.utf8CodeUnitCount
    guard end - start > length, memcmp(start, word.utf8Start, length) == 0 else { return nil }
    return start + length
  }

  /// A whole number of up to 18 digits, and not the beginning of another.
  private static func integer(_ start: Bytes, _ end: Bytes) -> (value: Int64, end: Bytes)? {
    let isNegative = start < end && start.pointee == UInt8(ascii: "-")
    let first = isNegative ? start + 1 : start
    var at = first
    var value: Int64 = 0
    while at < end, at.pointee &- 0x30 < 10, at - first < 19 {
      value = value &* 10 &+ Int64(at.pointee &- 0x30)
      at += 1
    }
    let digits = at - first
    guard digits > 0, digits < 19, digits == 1 || first.pointee != UInt8(ascii: "0"), at < end,
      at.pointee == UInt8(ascii: ",") || at.pointee == UInt8(ascii: "}") || isSpace(at.pointee)
    else { return nil }
    return (isNegative ? -value : value, at)
  }
}
