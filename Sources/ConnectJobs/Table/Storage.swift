import Glibc

/// A block of memory that columns share. Immutable once a table holds it; freed with its last
/// owner.
package final class Storage: @unchecked Sendable {
  package let bytes: UnsafeMutableRawPointer
  package let count: Int
  private let block: Block

  /// Takes over a block of which so many bytes are used.
  init(owning block: Block, count: Int) {
    self.block = block
    bytes = block.start
    self.count = count
  }

  /// A new block, to be filled at once; `nil` where there is no memory. Like every block it ends with
  /// eight bytes more, so that its address is never null.
  convenience init?(count: Int, _ fill: (UnsafeMutableRawPointer) -> Void) {
    guard let block = Block.make(count + 8) else { return nil }
    memset(block.start + count, 0, 8)
    fill(block.start)
    self.init(owning: block, count: count)
  }

  /// A new block of zeroes; of a large one, nothing is touched.
  convenience init?(zeroes count: Int) {
    guard let block = Block.makeZeroes(count + 8) else { return nil }
    self.init(owning: block, count: count)
  }

  deinit { block.release() }
}

/// Memory that grows at its end, by hand: trivially copyable, so that the parser's events reach it
/// without a reference count. One owner frees it, or hands it to a ``Storage``.
struct GrowingBytes {
  private(set) var start: UnsafeMutableRawPointer?
  private(set) var count = 0
  private var capacity = 0
  /// How much there will likely be.
  private var expected = 0

  /// Says how much there will likely be, so that it is found in one go.
  mutating func expect(_ count: Int) {
    expected = count + count / 8
  }

  /// Makes room for more; false where there is no memory.
  @inline(__always)
  mutating func reserve(_ more: Int) -> Bool {
    capacity - count >= more || grow(more)
  }

  @inline(never)
  private mutating func grow(_ more: Int) -> Bool {
    let wanted = max(count + more, capacity + capacity / 2, expected, 256)
    guard let room = block?.grown(to: wanted) ?? (start == nil ? Block.make(wanted) : nil) else {
      return false
    }
    start = room.start
    capacity = room.size
    return true
  }

  private var block: Block? { start.map { Block(start: $0, size: capacity) } }

  /// Where the next byte will stand.
  @inline(__always)
  var end: UnsafeMutableRawPointer? { start.map { $0 + count } }

  /// Takes over bytes that were written at `end`, into room that was reserved.
  @inline(__always)
  mutating func extend(by length: Int) { count += length }

  @inline(__always)
  mutating func append(_ bytes: UnsafeRawPointer, _ length: Int) -> Bool {
    guard length > 0 else { return true }
    guard reserve(length), let start else { return false }
    memcpy(start + count, bytes, length)
    count += length
    return true
  }

  @inline(__always)
  mutating func append<Number: FixedWidthInteger>(_ value: Number) -> Bool {
    guard reserve(MemoryLayout<Number>.size), let start else { return false }
    (start + count).storeBytes(of: value, as: Number.self)
    count += MemoryLayout<Number>.size
    return true
  }

  /// Appends the same byte many times.
  mutating func append(repeating byte: UInt8, _ length: Int) -> Bool {
    guard length > 0 else { return true }
    guard reserve(length), let start else { return false }
    memset(start + count, Int32(byte), length)
    count += length
    return true
  }

  /// Appends the same number many times.
  mutating func append(times: Int, _ value: Int64) -> Bool {
    guard reserve(times * 8), let start else { return false }
    for index in 0..<times {
      (start + count).storeBytes(of: value, toByteOffset: index * 8, as: Int64.self)
    }
    count += times * 8
    return true
  }

  mutating func truncate(to length: Int) {
    count = min(count, length)
  }

  mutating func release() {
    block?.release()
    self = GrowingBytes()
  }

  /// Hands the memory over, cut to what is used; `nil` where nothing could be had.
  mutating func finish() -> Storage? {
    // A reader of the table never meets a null pointer, nor bytes that were never written.
    guard reserve(8), let whole = block else { return nil }
    memset(whole.start + count, 0, 8)
    // A little that is left over is not worth giving back.
    let kept = count >= capacity / 2 ? whole : whole.cut(to: count + 8)
    let storage = Storage(owning: kept, count: count)
    self = GrowingBytes()
    return storage
  }
}
