import CPosix
import Glibc

/// The memory of columns. Small blocks are malloc's; large ones come straight from the system and go
/// back to it: among malloc's they would leave holes, of which a long follow has more and more.
struct Block {
  let start: UnsafeMutableRawPointer
  let size: Int

  private static let smallestLarge = 1 << 18
  /// A smaller one of zeroes is rather one that serves again.
  private static let worthMapping = 1 << 20

  /// A block of at least that size; `nil` where there is no memory.
  static func make(_ wanted: Int) -> Block? {
    guard wanted >= smallestLarge else {
      return malloc(wanted).map { Block(start: $0, size: wanted) }
    }
    if let spare = SpareBlocks.shared?.take(wanted) { return spare }
    let size = rounded(wanted)
    return cposix_pages_new(size).map { Block(start: $0, size: size) }
  }

  /// The same, of zeroes: pages of the system are, until they are written to.
  static func makeZeroes(_ wanted: Int) -> Block? {
    guard wanted < worthMapping else {
      return cposix_pages_new(wanted).map { Block(start: $0, size: wanted) }
    }
    guard let block = make(wanted) else { return nil }
    memset(block.start, 0, wanted)
    return block
  }

  /// The same with room for more; where it moves, what is in it moves along.
  ///
  /// - Returns: `nil` where there is no memory; then the block is as it was.
  func grown(to wanted: Int) -> Block? {
    if wanted < Self.smallestLarge {
      return realloc(start, wanted).map { Block(start: $0, size: wanted) }
    }
    let spare = SpareBlocks.shared?.takeLargest(wanted)
    if spare == nil, size >= Self.smallestLarge {
      let larger = Self.rounded(wanted)
      return cposix_pages_resize(start, size, larger).map { Block(start: $0, size: larger) }
    }
    guard let moved = spare ?? Self.make(wanted) else { return nil }
    memcpy(moved.start, start, size)
    release()
    return moved
  }

  /// Gives back what is not needed of it: of a very large one the end, and else, for another to take, the
  /// whole, after a copy into a smaller one.
  func cut(to wanted: Int) -> Block {
    guard size >= Self.smallestLarge else {
      return realloc(start, wanted).map { Block(start: $0, size: wanted) } ?? self
    }
    guard SpareBlocks.mayKeep(size) else {
      // A smaller one would count as malloc's.
      let kept = max(wanted, Self.smallestLarge)
      return cposix_pages_resize(start, size, kept).map { Block(start: $0, size: kept) } ?? self
    }
    guard let smaller = Self.make(wanted) else { return self }
    memcpy(smaller.start, start, wanted)
    release()
    return smaller
  }

  func release() {
    guard size >= Self.smallestLarge else { return free(start) }
    if SpareBlocks.shared?.keep(self) != true { cposix_pages_free(start, size) }
  }

  /// Up to an eighth more, so that blocks for batches of about one size have the same.
  private static func rounded(_ size: Int) -> Int {
    let step = 1 << (Int.bitWidth - size.leadingZeroBitCount - 4)
    return (size + step - 1) & ~(step - 1)
  }
}

/// A few large blocks that were freed, for the next batch of a follow: to get pages anew from the
/// system costs as much as to fill them.
///
/// Nobody waits for its lock. Where another thread has it, also one that a fork left behind, blocks
/// come from the system.
private final class SpareBlocks: @unchecked Sendable {
  static let shared = cposix_mutex_new().map(SpareBlocks.init)

  private static let mostBytes = 8 << 20
  private static let mostBlocks = 16
  private let mutex: OpaquePointer
  private var blocks: [Block] = []
  private var bytes = 0

  private init(_ mutex: OpaquePointer) {
    self.mutex = mutex
    blocks.reserveCapacity(Self.mostBlocks)
  }

  /// The smallest of at least that size, and of not much more.
  func take(_ wanted: Int) -> Block? {
    take {
      $0.filter { blocks[$0].size >= wanted && blocks[$0].size / 2 <= wanted }.min(by: smaller)
    }
  }

  /// For one that grows and may grow on: the largest, of at least that size.
  func takeLargest(_ wanted: Int) -> Block? {
    take { $0.filter { blocks[$0].size >= wanted }.max(by: smaller) }
  }

  private func smaller(_ place: Int, _ other: Int) -> Bool {
    blocks[place].size < blocks[other].size
  }

  private func take(_ choose: (Range<Int>) -> Int?) -> Block? {
    guard cposix_mutex_try_lock(mutex) else { return nil }
    defer { cposix_mutex_unlock(mutex) }
    guard let place = choose(blocks.indices) else { return nil }
    bytes -= blocks[place].size
    return blocks.remove(at: place)
  }

  static func mayKeep(_ size: Int) -> Bool { size <= mostBytes }

  /// - Returns: whether it is kept.
  func keep(_ block: Block) -> Bool {
    guard Self.mayKeep(block.size), cposix_mutex_try_lock(mutex) else { return false }
    defer { cposix_mutex_unlock(mutex) }
    guard bytes + block.size <= Self.mostBytes, blocks.count < Self.mostBlocks else { return false }
    bytes += block.size
    blocks.append(block)
    return true
  }
}
