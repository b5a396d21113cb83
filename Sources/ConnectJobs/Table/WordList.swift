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

  var stagedBytes: Int { bytes.count - stagedFrom }
  var stagedStart: UnsafeRawPointer? { bytes.start.map { UnsafeRawPointer($0 + stagedFrom) } }

  @inline(__always)
  mutating func append(_ more: UnsafeRawPointer, _ length: Int) -> Bool {
    bytes.append(more, length)
  }

  @inline(__always)
  mutating func unstage() {
    bytes.truncate(to: stagedFrom)
  }

  @inline(__always)
  func isStagedEqual(to code: Int32) -> Bool {
    guard Int(code) < count, let bounds = bounds.start, let start = bytes.start else {
      return false
    }
    let first = Int(bounds.load(fromByteOffset: Int(code) * 8, as: Int64.self))
    let end = Int(bounds.load(fromByteOffset: Int(code) * 8 + 8, as: Int64.self))
    return end - first == stagedBytes && memcmp(start + first, start + stagedFrom, end - first) == 0
  }

  /// The staged text's code, new or known; `nil` where there is no memory.
  mutating func intern() -> Int32? {
    guard bytes.reserve(1), growSlots(), let slots else { return nil }
    var at = Int(truncatingIfNeeded: hash(stagedFrom, bytes.count)) & (slotCount - 1)
    while slots[at] >= 0 {
      if isStagedEqual(to: slots[at]) {
        unstage()
        return slots[at]
      }
      at = (at + 1) & (slotCount - 1)
    }
    guard count > 0 || bounds.append(Int64(0)), bounds.append(Int64(bytes.count)) else {
      return nil
    }
    let code = Int32(count)
    slots[at] = code
    count += 1
    stagedFrom = bytes.count
    return code
  }

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
    self = WordList()
  }

  private mutating func growSlots() -> Bool {
    guard count * 2 >= slotCount else { return true }
    let wanted = max(16, slotCount * 2)
    guard let fresh = malloc(wanted * 4)?.assumingMemoryBound(to: Int32.self) else { return false }
    for at in 0..<wanted { fresh[at] = -1 }
    free(slots)
    slots = fresh
    slotCount = wanted
    guard let bounds = bounds.start else { return true }
    for code in 0..<count {
      let first = Int(bounds.load(fromByteOffset: code * 8, as: Int64.self))
      let end = Int(bounds.load(fromByteOffset: code * 8 + 8, as: Int64.self))
      var at = Int(truncatingIfNeeded: hash(first, end)) & (wanted - 1)
      while fresh[at] >= 0 { at = (at + 1) & (wanted - 1) }
      fresh[at] = Int32(code)
    }
    return true
  }

  /// FNV-1a, stirred. The words come from the server, which can only slow down its own answer.
  private func hash(_ first: Int, _ end: Int) -> UInt64 {
    guard let start = bytes.start else { return 0 }
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for at in first..<end {
      value = (value ^ UInt64(start.load(fromByteOffset: at, as: UInt8.self))) &* 0x100_0000_01b3
    }
    return value ^ (value >> 32)
  }
}
