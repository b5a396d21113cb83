import Foundation
import Testing

@testable import ConnectSandbox

/// A log in a temporary file, removed at the end.
private final class TestLog {
  let file: LogFile

  init() throws {
    file = try LogFile(path: NSTemporaryDirectory() + "log-test-" + RandomText.make(length: 12))
  }

  deinit { try? FileManager.default.removeItem(atPath: file.path) }

  func append(_ lines: [String], source: LogSource = .stdout, time: Int64 = 1) throws {
    var batch = LineBatch(after: file.lastTime)
    for line in lines {
      Array(line.utf8).withUnsafeBytes { batch.add($0, source: source, now: time) }
    }
    try file.append(batch)
  }

  func read(from line: Int = 0, atMost limit: Int = .max) throws -> [String] {
    let reader = try LogReader(file)
    try reader.seek(toLine: line)
    var lines: [String] = []
    while lines.count < limit {
      let seen = try reader.read(upTo: file.extent.bytes, atMost: limit - lines.count) {
        lines.append(String(decoding: $0.data, as: UTF8.self))
      }
      if seen == 0 { break }
    }
    return lines
  }
}

@Suite struct LogFileTests {
  @Test func whatIsAppendedIsRead() throws {
    let log = try TestLog()
    #expect(try log.read() == [])
    try log.append(["a", "", "c"])
    try log.append(["d"], source: .stderr, time: 7)
    #expect(try log.read() == ["a", "", "c", "d"])
    var last: (LogSource, Int64)?
    _ = try LogReader(log.file).read(upTo: log.file.extent.bytes) { last = ($0.source, $0.time) }
    #expect(last?.0 == .stderr && last?.1 == 7)
  }

  @Test func anyLineCanBeFound() throws {
    let log = try TestLog()
    let count = 5 * LogFile.linesPerCheckpoint + 17
    // In batches of uneven sizes, so that checkpoints fall inside them.
    var next = 0
    for size in [1, 1000, 23, 1024, 1025, 3000] {
      let end = min(count, next + size)
      try log.append((next..<end).map { "line \($0)" })
      next = end
    }
    try log.append((next..<count).map { "line \($0)" })
    for line in [0, 1, 1023, 1024, 1025, 2047, 2048, 4096, count - 1] {
      #expect(
        try log.read(from: line, atMost: 2) == (line..<min(line + 2, count)).map { "line \($0)" })
    }
    #expect(try log.read(from: count) == [])
    #expect(try log.read().count == count)
  }

  @Test func aLineLongerThanAPieceIsReadWhole() throws {
    let log = try TestLog()
    let long = String(repeating: "x", count: 3 * LogReader.pieceSize + 5)
    try log.append(["a", long, "b", long])
    #expect(try log.read() == ["a", long, "b", long])
    #expect(try log.read(from: 3) == [long])
  }

  @Test func timeNeverStepsBack() throws {
    let log = try TestLog()
    try log.append(["a"], time: 9)
    try log.append(["b"], time: 5)
    var times: [Int64] = []
    _ = try LogReader(log.file).read(upTo: log.file.extent.bytes) { times.append($0.time) }
    #expect(times == [9, 9])
  }

  @Test func aReaderOutlivesTheWriting() throws {
    let log = try TestLog()
    try log.append(["a"])
    log.file.close()
    #expect(try log.read() == ["a"])
    try log.append(["b"])
    #expect(try log.read() == ["a"])
  }
}
