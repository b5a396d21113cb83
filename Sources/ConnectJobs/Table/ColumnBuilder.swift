import CJSON
import Glibc

/// Builds one column, a row at a time: a value is staged, perhaps in parts, then `commit` ends the
/// row, as a null where nothing was staged.
///
/// It is trivially copyable on purpose (see ``GrowingBytes``); ``TableBuilder`` owns and frees it.
struct ColumnBuilder {
  let field: Field
  let name: ShortText
  /// Rows that are in the buffers; after them there are nulls that are not written yet.
  private var written = 0
  private var pendingNulls = 0
  private var nulls = 0
  /// Only made with the first null.
  private var validity = GrowingBytes()
  /// The text's bytes, the codes, the bits or the numbers.
  private var values = GrowingBytes()
  private var offsets = GrowingBytes()
  private var words = WordList()

  /// Where the staged text begins in `values`.
  private var textStart = 0
  private var number: Int64 = 0
  private(set) var isStaged = false

  init(_ field: Field) {
    self.field = field
    name = ShortText(field.name)
  }

  /// Whether that is the field's name.
  @inline(__always)
  func isNamed(_ key: ShortText, _ bytes: UnsafeRawPointer) -> Bool {
    name.resembles(key)
      && (key.isWhole || memcmp(field.name.utf8Start, bytes, key.length) == 0)
  }

  /// Bytes of text that the column holds so far, also as a dictionary's words.
  var textBytes: Int { field.kind == .text ? values.count : words.byteCount }

  /// Bytes of the text that is being staged.
  @inline(__always)
  var stagedBytes: Int { field.kind == .text ? values.count - textStart : words.stagedBytes }

  // MARK: Staging

  @inline(__always)
  mutating func append(_ bytes: UnsafeRawPointer, _ length: Int) -> Bool {
    field.kind == .text ? values.append(bytes, length) : words.append(bytes, length)
  }

  @inline(__always)
  mutating func appendText(_ bytes: UnsafeRawPointer, _ length: Int) -> Bool {
    values.append(bytes, length)
  }

  /// - Parameter isWhole: nothing follows.
  @inline(__always)
  mutating func appendWord(_ bytes: UnsafeRawPointer, _ length: Int, isWhole: Bool) -> Bool {
    isWhole && words.stagedBytes == 0
      ? words.stage(bytes, length) : words.append(bytes, length)
  }

  /// Stages a text of JSON from behind its first quote, copying it while looking for its end; where it
  /// has no escapes and is not long.
  ///
  /// - Returns: where it ends, behind the quote; `nil`: nothing is staged.
  @inline(__always)
  mutating func stagePlainText(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8>? {
    guard values.reserve(Self.longestPlainText + 16), let text = values.end else { return nil }
    let most = min(end - start, Self.longestPlainText)
    var isASCII = true
    let count = cjson_copy_plain(
      TextScanner.characters(start), most, text.assumingMemoryBound(to: CChar.self), &isASCII)
    guard count < most, start[count] == UInt8(ascii: "\""),
      isASCII || TextScanner.isUTF8(start, count)
    else { return nil }
    values.extend(by: count)
    isStaged = true
    return start + count + 1
  }

  static let longestPlainText = 4_096

  /// Stages a word of JSON from behind its first quote where it is one of the last two.
  ///
  /// - Returns: where it ends, behind the quote; `nil`: nothing is staged.
  @inline(__always)
  mutating func stageRecentWord(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8>? {
    guard let length = words.stageRecent(start, end) else { return nil }
    isStaged = true
    return start + length + 1
  }

  /// Ends a text: it stands in this row.
  @inline(__always)
  mutating func stageText() {
    isStaged = true
  }

  @inline(__always)
  mutating func stage(_ value: Int64) {
    number = value
    isStaged = true
  }

  /// Takes back what is staged: a key that comes twice, or a row that is given up.
  @inline(__always)
  mutating func unstage() {
    if field.kind == .text { values.truncate(to: textStart) }
    if field.kind == .dictionary { words.unstage() }
    isStaged = false
  }

  // MARK: Rows

  @inline(__always)
  mutating func commit() -> Bool {
    guard isStaged else {
      pendingNulls += 1
      return true
    }
    guard pendingNulls == 0 || writeNulls() else { return false }
    if nulls > 0, !setBit(&validity, written, true) { return false }
    let done: Bool
    switch field.kind {
    case .text:
      done = offsets.append(Int64(textStart))
      textStart = values.count
    case .dictionary: done = words.intern().map { values.append($0) } ?? false
    case .int32: done = values.append(Int32(truncatingIfNeeded: number))
    case .int64, .timestamp: done = values.append(number)
    case .bool: done = setBit(&values, written, number != 0)
    }
    number = 0
    isStaged = false
    written += 1
    return done
  }

  /// Writes down the nulls since the last value, all in one go: many columns have hardly anything else.
  @inline(never)
  private mutating func writeNulls() -> Bool {
    if nulls == 0 {
      // All rows until now were there.
      guard validity.append(repeating: 0xff, (written + 7) / 8) else { return false }
    }
    let rows = written + pendingNulls
    guard clearBits(&validity, from: written, to: rows) else { return false }
    let done: Bool
    switch field.kind {
    case .text: done = offsets.append(times: pendingNulls, Int64(textStart))
    // A null's code is never read; the first word will make it a valid one.
    case .dictionary, .int32: done = values.append(repeating: 0, pendingNulls * 4)
    case .int64, .timestamp: done = values.append(repeating: 0, pendingNulls * 8)
    case .bool: done = clearBits(&values, from: written, to: rows)
    }
    nulls += pendingNulls
    written = rows
    pendingNulls = 0
    return done
  }

  private func setBit(_ bits: inout GrowingBytes, _ index: Int, _ isSet: Bool) -> Bool {
    if index >> 3 >= bits.count, !bits.append(UInt8(0)) { return false }
    guard let byte = bits.start?.advanced(by: index >> 3).assumingMemoryBound(to: UInt8.self)
    else { return false }
    let mask = UInt8(1) << (index & 7)
    byte.pointee = isSet ? byte.pointee | mask : byte.pointee & ~mask
    return true
  }

  private func clearBits(_ bits: inout GrowingBytes, from first: Int, to end: Int) -> Bool {
    if first & 7 != 0, let start = bits.start {
      let byte = start.advanced(by: first >> 3).assumingMemoryBound(to: UInt8.self)
      byte.pointee &= UInt8(1) << (first & 7) - 1
    }
    return bits.append(repeating: 0, (end + 7) / 8 - bits.count)
  }

  // MARK: Ends

  /// The column of the rows until now; `nil` where there is no memory. The builder begins anew, with
  /// what is staged: a batch may end in the middle of a row that is still arriving.
  mutating func finish() -> Column? {
    var next = ColumnBuilder(field)
    // The next batch will be about as large.
    next.values.expect(values.count)
    next.offsets.expect(offsets.count)
    let staged = field.kind == .text ? stagedText : words.staged
    if let start = staged.baseAddress, !next.append(start, staged.count) { return nil }
    next.number = number
    next.isStaged = isStaged
    defer {
      release()
      self = next
    }
    return take()
  }

  private var stagedText: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: values.start.map { $0 + textStart }, count: stagedBytes)
  }

  private mutating func take() -> Column? {
    unstage()
    guard pendingNulls == 0 || writeNulls() else { return nil }
    var offsetStorage: Storage?
    var dictionary: Column.Values?
    if field.kind == .text {
      guard offsets.append(Int64(values.count)) else { return nil }
      offsetStorage = offsets.finish()
      if offsetStorage == nil { return nil }
    }
    if field.kind == .dictionary {
      if written > 0, words.count == 0, words.intern() == nil { return nil }
      dictionary = words.finish()
      if dictionary == nil { return nil }
    }
    guard let values = values.finish() else { return nil }
    var bits: Storage?
    if nulls > 0 {
      bits = validity.finish()
      if bits == nil { return nil }
    }
    return Column(
      field: field, length: written, offset: 0, nullCount: nulls, validity: bits,
      values: values, offsets: offsetStorage, dictionary: dictionary)
  }

  /// Frees everything and begins anew.
  mutating func release() {
    validity.release()
    values.release()
    offsets.release()
    words.release()
    self = ColumnBuilder(field)
  }
}
