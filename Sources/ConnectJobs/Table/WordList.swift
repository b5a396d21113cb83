import Glibc

/// The distinct texts of a dictionary column, each with its code, and one that is being staged at
/// the end. Trivially copyable, like the builder that holds it.
struct WordList {
  private(set) var count = 0
  private var bytes = GrowingBytes()
  /// Where each word ends, as Int64, after a leading 0.
  private var bounds = GrowingBytes()
  /// Open addressing: a power of two of codes, -1 where empty. Kept under half full.
  private var slots: UnsafeMutablePointer<Int32>?
  private var slotCount = 0
  private var stagedFrom = 0
  /// The two words that came last: logs and lists repeat themselves.
  private var last = Recent()
  private var lastButOne = Recent()
  /// Those of before, each at a place that its text chooses; made with the third word.
  private var known: UnsafeMutablePointer<Recent>?
  private static let knownCount = 64
  /// Of a staged text that is one of them: no byte of it is stored.
  private var stagedCode: Int32 = -1

  private struct Recent {
    var text = ShortText("")
    var code: Int32 = -1
    /// In JSON it stands as it is, without escapes.
    var isPlain = false
  }

  /// Bytes of all words, and of what is staged.
  var byteCount: Int { bytes.count }

  var stagedBytes: Int { bytes.count - stagedFrom }

  /// What is staged.
  var staged: UnsafeRawBufferPointer {
    if stagedCode >= 0, let word = word(stagedCode) {
      return UnsafeRawBufferPointer(start: word.start, count: word.length)
    }
    return UnsafeRawBufferPointer(start: bytes.start.map { $0 + stagedFrom }, count: stagedBytes)
  }

  // MARK: Staging

  /// Stages a text that came in one piece.
  @inline(__always)
  mutating func stage(_ text: UnsafeRawPointer, _ length: Int) -> Bool {
    let short = ShortText(text, length)
    if isWord(last, short, text) {
      stagedCode = last.code
      return true
    }
    if isWord(lastButOne, short, text) {
      stagedCode = lastButOne.code
      swap(&last, &lastButOne)
      return true
    }
    if let known {
      let candidate = known[Self.place(of: short)]
      if isWord(candidate, short, text) {
        stagedCode = candidate.code
        lastButOne = last
        last = candidate
        return true
      }
    }
    return append(text, length)
  }

  @inline(__always)
  private static func place(of text: ShortText) -> Int { text.mixed & (knownCount - 1) }

  /// Stages one of the last two words where it stands here, in JSON, with a quote behind it.
  ///
  /// - Returns: its length; `nil`: it is neither.
  @inline(__always)
  mutating func stageRecent(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Int? {
    if stands(last, start, end) {
      stagedCode = last.code
      return last.text.length
    }
    guard stands(lastButOne, start, end) else { return nil }
    stagedCode = lastButOne.code
    return lastButOne.text.length
  }

  @inline(__always)
  private func stands(
    _ recent: Recent, _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Bool {
    let length = recent.text.length
    return recent.isPlain && end - start > length && start[length] == UInt8(ascii: "\"")
      && isWord(recent, ShortText(start, length), start)
  }

  @inline(__always)
  mutating func append(_ more: UnsafeRawPointer, _ length: Int) -> Bool {
    bytes.append(more, length)
  }

  @inline(__always)
  mutating func unstage() {
    bytes.truncate(to: stagedFrom)
    stagedCode = -1
  }

  // MARK: Codes

  /// The staged text's code, new or known; `nil` where there is no memory.
  @inline(__always)
  mutating func intern() -> Int32? {
    guard stagedCode < 0 else {
      defer { stagedCode = -1 }
      return stagedCode
    }
    return find()
  }

  @inline(never)
  private mutating func find() -> Int32? {
    guard bytes.reserve(8), growSlots(), let slots, let start = bytes.start else { return nil }
    let text = ShortText(start + stagedFrom, stagedBytes)
    let first = UnsafePointer(
      (start + stagedFrom).assumingMemoryBound(to: UInt8.self))
    let isPlain = TextScanner.plainEnd(first, first + stagedBytes).end == first + stagedBytes
    var at = slot(stagedFrom, bytes.count, of: slotCount)
    while slots[at] >= 0, !isStagedEqual(to: slots[at]) { at = (at + 1) & (slotCount - 1) }
    if slots[at] >= 0 {
      unstage()
    } else {
      guard count > 0 || bounds.append(Int64(0)), bounds.append(Int64(bytes.count)) else {
        return nil
      }
      slots[at] = Int32(count)
      count += 1
      stagedFrom = bytes.count
    }
    lastButOne = last
    last = Recent(text: text, code: slots[at], isPlain: isPlain)
    if known == nil, count > 2 {
      known = .allocate(capacity: Self.knownCount)
      known?.initialize(repeating: Recent(), count: Self.knownCount)
    }
    known?[Self.place(of: text)] = last
    return slots[at]
  }

  @inline(__always)
  private func isWord(_ recent: Recent, _ short: ShortText, _ text: UnsafeRawPointer) -> Bool {
    guard short.resembles(recent.text), recent.code >= 0 else { return false }
    guard !short.isWhole, let word = word(recent.code) else { return short.isWhole }
    return memcmp(word.start, text, word.length) == 0
  }

  private func isStagedEqual(to code: Int32) -> Bool {
    guard let start = bytes.start, let word = word(code) else { return false }
    return word.length == stagedBytes && memcmp(word.start, start + stagedFrom, word.length) == 0
  }

  private func word(_ code: Int32) -> (start: UnsafeMutableRawPointer, length: Int)? {
    guard let start = bytes.start else { return nil }
    let (first, end) = range(Int(code))
    return (start + first, end - first)
  }

  private func range(_ code: Int) -> (first: Int, end: Int) {
    guard let bounds = bounds.start else { return (0, 0) }
    return (
      Int(bounds.load(fromByteOffset: code * 8, as: Int64.self)),
      Int(bounds.load(fromByteOffset: code * 8 + 8, as: Int64.self))
    )
  }

  // MARK: Ends

  mutating func finish() -> Column.Values? {
    let words = count
    unstage()
    guard words > 0 || bounds.append(Int64(0)) else { return nil }
    guard let offsets = bounds.finish(), let texts = bytes.finish() else { return nil }
    release()
    return Column.Values(count: words, bytes: texts, offsets: offsets)
  }

  mutating func release() {
    bytes.release()
    bounds.release()
    free(slots)
    known?.deallocate()
    self = WordList()
  }

  // MARK: Slots

  private mutating func growSlots() -> Bool {
    guard count * 2 >= slotCount else { return true }
    let wanted = max(16, slotCount * 2)
    guard let fresh = malloc(wanted * 4)?.assumingMemoryBound(to: Int32.self) else { return false }
    for at in 0..<wanted { fresh[at] = -1 }
    free(slots)
    slots = fresh
    slotCount = wanted
    for code in 0..<count {
      let (first, end) = range(code)
      var at = slot(first, end, of: wanted)
      while fresh[at] >= 0 { at = (at + 1) & (wanted - 1) }
      fresh[at] = Int32(code)
    }
    return true
  }

  /// Where the search for a word begins: FNV-1a over eight bytes at a time, stirred. The words come
  /// from the server, which can only slow down its own answer.
  private func slot(_ first: Int, _ end: Int, of slotCount: Int) -> Int {
    guard let start = bytes.start else { return 0 }
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    var at = first
    while at < end {
      var part: UInt64 = 0
      if end - at >= 8 {
        part = (start + at).loadUnaligned(as: UInt64.self)
      } else {
        memcpy(&part, start + at, end - at)
      }
      value = (value ^ part) &* 0x100_0000_01b3
      value ^= value >> 29
      at += 8
    }
    value = value &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: value >> 32) & (slotCount - 1)
  }
}
