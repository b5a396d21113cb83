/// Which of a job's two pipes a line came through.
enum LogSource: UInt8, Sendable, CaseIterable {
  case stdout = 0
  case stderr = 1

  var name: String { self == .stdout ? "stdout" : "stderr" }
}

/// One line as it lies in a log. `data` is valid only inside the closure that was handed it.
struct LogLine {
  let source: LogSource
  /// Nanoseconds since 1970, UTC.
  let time: Int64
  /// The bytes that the job wrote, without the newline; not necessarily UTF-8.
  let data: UnsafeRawBufferPointer
}

/// How a line lies on disk: time (8 bytes), length with the source in its top bit (4), the bytes.
/// Binary, because a job's output is then copied once, and read back without looking for line ends.
enum LineRecord {
  static let headerSize = 12
  private static let sourceBit: UInt32 = 1 << 31

  static func append(
    time: Int64, source: LogSource, data: UnsafeRawBufferPointer, to bytes: inout [UInt8]
  ) {
    var stamp = time.littleEndian
    var tag = (UInt32(data.count) | (source == .stderr ? sourceBit : 0)).littleEndian
    withUnsafeBytes(of: &stamp) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: &tag) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: data)
  }

  /// The size of the record that begins at `offset`, or nil where not even its header is there.
  static func size(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int? {
    guard bytes.count - offset >= headerSize else { return nil }
    return headerSize + Int(tag(in: bytes, at: offset) & ~sourceBit)
  }

  /// The line that begins at `offset`, whose `size` bytes the caller has seen to be there.
  static func line(in bytes: UnsafeRawBufferPointer, at offset: Int, size: Int) -> LogLine {
    let time = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
    let source: LogSource = tag(in: bytes, at: offset) & sourceBit == 0 ? .stdout : .stderr
    let data = bytes[(offset + headerSize)..<(offset + size)]
    return LogLine(source: source, time: time, data: UnsafeRawBufferPointer(rebasing: data))
  }

  private static func tag(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt32.self))
  }
}
