import Glibc

/// Reads a log forward, a piece at a time, from a descriptor of its own. Between two calls it holds
/// no buffer, so a thousand readers that wait cost a thousand small objects.
final class LogReader {
  /// How much is read at once. A longer line is read whole all the same.
  static let pieceSize = 128 << 10

  private let log: LogFile
  private let descriptor: Int32
  private var offset = 0

  init(_ log: LogFile) throws {
    self.log = log
    descriptor = open(log.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemFailure("open the log \(log.path)") }
  }

  deinit { _ = close(descriptor) }

  /// Moves to the end of what is there now.
  func seekToEnd() { offset = log.extent.bytes }

  /// Moves to the beginning of a line, counted from 0.
  func seek(toLine line: Int) throws {
    let (start, skip) = log.checkpoint(before: line)
    offset = start
    var left = skip
    while left > 0 {
      let seen = try read(upTo: log.extent.bytes, atMost: left) { _ in }
      guard seen > 0 else { return }
      left -= seen
    }
  }

  /// Hands over the next lines, some 128 KiB of them, and says how many; 0 at the end.
  func read(
    upTo end: Int, atMost limit: Int = .max, line: (LogLine) throws -> Void
  ) throws -> Int {
    var wanted = Self.pieceSize
    while offset < end {
      let piece = try bytes(count: min(wanted, end - offset))
      let (lines, used, needed) = try piece.withUnsafeBytes {
        try Self.walk($0, atMost: limit, line: line)
      }
      offset += used
      if lines > 0 { return lines }
      // The first record is longer than the piece: read again, all of it. A log that ends inside
      // a record cannot be, unless somebody cut the file short.
      guard needed > wanted, needed <= end - offset else { break }
      wanted = needed
    }
    return 0
  }

  private static func walk(
    _ bytes: UnsafeRawBufferPointer, atMost limit: Int, line: (LogLine) throws -> Void
  ) throws -> (lines: Int, used: Int, needed: Int) {
    var lines = 0
    var used = 0
    while lines < limit, let size = LineRecord.size(in: bytes, at: used) {
      guard used + size <= bytes.count else { return (lines, used, size) }
      try line(LineRecord.line(in: bytes, at: used, size: size))
      lines += 1
      used += size
    }
    return (lines, used, 0)
  }

  private func bytes(count: Int) throws -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, count - filled,
          off_t(offset + filled))
        if got < 0 && errno == EINTR { continue }
        failed = got < 0
        guard got > 0 else { return }
        filled += got
      }
    }
    guard !failed else { throw SystemFailure("read the log \(log.path)") }
    return bytes
  }
}
