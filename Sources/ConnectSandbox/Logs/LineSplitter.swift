import Glibc

/// Cuts what a pipe delivers, in pieces of any size, into lines. Pure: bytes in, lines out.
struct LineSplitter {
  /// A job that never writes a newline must not fill the memory: at this size a line is cut.
  static let longestLine = 16 << 20

  private var unfinished: [UInt8] = []

  mutating func feed(_ bytes: UnsafeRawBufferPointer, line: (UnsafeRawBufferPointer) -> Void) {
    var rest = bytes
    while let end = Self.newline(in: rest) {
      emit(UnsafeRawBufferPointer(rebasing: rest[..<end]), line)
      rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    }
    unfinished.append(contentsOf: rest)
    if unfinished.count >= Self.longestLine { finish(line: line) }
  }

  /// What was written last, without a newline after it, is a line too.
  mutating func finish(line: (UnsafeRawBufferPointer) -> Void) {
    guard !unfinished.isEmpty else { return }
    emit(UnsafeRawBufferPointer(start: nil, count: 0), line)
  }

  private mutating func emit(
    _ ending: UnsafeRawBufferPointer, _ line: (UnsafeRawBufferPointer) -> Void
  ) {
    guard !unfinished.isEmpty else { return line(ending) }
    unfinished.append(contentsOf: ending)
    unfinished.withUnsafeBytes(line)
    // A rare long line must not keep its memory for as long as the job lives.
    unfinished.removeAll(keepingCapacity: unfinished.capacity <= 1 << 16)
  }

  private static func newline(in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let start = bytes.baseAddress, !bytes.isEmpty,
      let found = memchr(start, 0x0A, bytes.count)
    else { return nil }
    return UnsafeRawPointer(found) - start
  }
}
