import CJSON

/// Reads a log as plain text into entries, as its bytes arrive: lines that each begin with
/// `YYYY/MM/DD hh:mm:ss.nnnnnnnnn `, in UTC. So are the texts of servers before the Jobs API, and as
/// far as is known the download. A line without such a beginning is an entry without a time.
final class LogTextReader {
  private let table: TableBuilder
  private let source: String?
  private let maxEntryBytes: Int
  private var line = GrowingBytes()
  private var times = TimestampReader()
  /// Lines of which the beginning is no time.
  private(set) var unstamped = 0

  /// - Parameters:
  ///   - table: with the columns of ``Schemas/entry``.
  ///   - source: of every line; `nil` where it is not known.
  init(_ table: TableBuilder, source: String?, maxEntryBytes: Int64?) {
    self.table = table
    self.source = source
    self.maxEntryBytes = maxEntryBytes.map { Int(clamping: $0) } ?? Int.max
  }

  deinit { line.release() }

  func read(_ bytes: UnsafeRawBufferPointer) throws(ReadingFault) {
    var rest = bytes
    while let end = rest.firstIndex(of: 0x0a) {
      let part = UnsafeRawBufferPointer(rebasing: rest[..<end])
      if line.count == 0 {
        try add(part)
      } else {
        try keep(part)
        try addKept()
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    }
    try keep(rest)
  }

  /// Ends the text: a last line may have no newline.
  func end() throws(ReadingFault) {
    if line.count > 0 { try addKept() }
  }

  private func keep(_ part: UnsafeRawBufferPointer) throws(ReadingFault) {
    guard let start = part.baseAddress, !part.isEmpty else { return }
    guard line.count + part.count <= maxEntryBytes else { throw .entryTooLarge }
    guard line.append(start, part.count) else { throw .noMemory }
  }

  private func addKept() throws(ReadingFault) {
    defer { line.truncate(to: 0) }
    try add(UnsafeRawBufferPointer(start: line.start, count: line.count))
  }

  private func add(_ whole: UnsafeRawBufferPointer) throws(ReadingFault) {
    guard whole.count <= maxEntryBytes else { throw .entryTooLarge }
    var text = whole
    if let stamp = readStamp(whole) {
      stage(stamp.nanoseconds)
      text = UnsafeRawBufferPointer(rebasing: whole[stamp.length...])
    } else {
      unstamped += 1
    }
    do throws(Failure) {
      try table.stage(source, "source")
      if cjson_is_utf8(text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count) {
        try stagePlain(text)
      } else {
        try table.stage(String(decoding: text, as: UTF8.self), "data")
      }
      try table.endRow()
    } catch { throw .noMemory }
  }

  private func stage(_ nanoseconds: Int64) { table.stage(nanoseconds, "timestamp") }

  private func stagePlain(_ text: UnsafeRawBufferPointer) throws(Failure) {
    guard let column = table.index("data") else { return }
    if let start = text.baseAddress, !text.isEmpty {
      guard table.columns[column].appendText(start, text.count) else { throw .noMemory }
    }
    table.columns[column].stageText()
  }

  // MARK: Times

  /// Before the fraction: `YYYY/MM/DD hh:mm:ss`.
  private static let wholeSeconds = 19
  private static let longestFraction = 10

  /// The time that a line begins with, and how many bytes it takes with the space after it.
  private func readStamp(
    _ line: UnsafeRawBufferPointer
  ) -> (nanoseconds: Int64, length: Int)? {
    let head = UnsafeRawBufferPointer(
      rebasing: line.prefix(Self.wholeSeconds + Self.longestFraction + 1))
    guard head.count > Self.wholeSeconds, head[4] == UInt8(ascii: "/"),
      head[7] == UInt8(ascii: "/"), head[10] == 0x20,
      let end = head[Self.wholeSeconds...].firstIndex(of: 0x20)
    else { return nil }
    // The same in the API's own form.
    return withUnsafeTemporaryAllocation(byteCount: end + 1, alignment: 8) { copy in
      copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: head[..<end]))
      copy[4] = UInt8(ascii: "-")
      copy[7] = UInt8(ascii: "-")
      copy[10] = UInt8(ascii: "T")
      copy[end] = UInt8(ascii: "Z")
      guard case .nanoseconds(let value) = times.parse(UnsafeRawBufferPointer(copy)) else {
        return nil
      }
      return (value, end + 1)
    }
  }
}

/// The text of `/download`, as entries without a source.
final class DownloadReader: EntryReading {
  private let reader: LogTextReader

  init(_ table: TableBuilder, maxEntryBytes: Int64?) {
    reader = LogTextReader(table, source: nil, maxEntryBytes: maxEntryBytes)
  }

  func read(_ bytes: UnsafeRawBufferPointer, contentType: String) throws(ReadingFault) {
    try reader.read(bytes)
  }

  func end(_ head: ResponseHead) throws(Failure) {
    do throws(ReadingFault) {
      try reader.end()
    } catch {
      throw Failure(error, head)
    }
  }
}
