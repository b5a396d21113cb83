import Foundation
import Testing

@testable import ConnectSandbox

private func escaped(_ bytes: [UInt8]) -> [UInt8] {
  var out = Array("\"".utf8)
  bytes.withUnsafeBytes { JSONText.append($0, to: &out) }
  return out + Array("\"".utf8)
}

private func decoded(_ bytes: [UInt8]) throws -> String {
  try JSONDecoder().decode(String.self, from: Data(escaped(bytes)))
}

@Suite struct JSONTests {
  @Test func everyByteAndScalarSurvives() throws {
    for scalar in (0...0x10FFFF).lazy.compactMap(Unicode.Scalar.init)
    where scalar.value < 0x900 || scalar.value % 61 == 0 || scalar.value > 0x10FFF0 {
      let text = "a\(Character(scalar))b"
      #expect(try decoded(Array(text.utf8)) == text)
    }
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xF8, 0x88], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xFF, 0xFE],
    ] as [[UInt8]])
  func bytesThatAreNotUTF8AreReplacedOneByOne(bytes: [UInt8]) throws {
    let marks = String(repeating: "\u{FFFD}", count: bytes.count)
    #expect(try decoded(bytes) == marks)
    #expect(try decoded(Array("a".utf8) + bytes + Array("é".utf8)) == "a" + marks + "é")
  }

  @Test func nullsAreWritten() {
    let value: JSON = ["a": nil, "b": [1, true, "\"\n"], "c": .object([])]
    #expect(
      String(decoding: value.bytes, as: UTF8.self) == #"{"a":null,"b":[1,true,"\"\n"],"c":{}}"#)
  }
}

@Suite struct TimeTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000000001Z"),
      (1_733_512_169_948_016_766, "2024-12-06T19:09:29.948016766Z"),
      (1_709_164_800_500_000_000, "2024-02-29T00:00:00.5Z"),
      (951_782_399_000_000_010, "2000-02-28T23:59:59.00000001Z"),
      (-1, "1969-12-31T23:59:59.999999999Z"), (4_102_444_800_000_000_000, "2100-01-01T00:00:00Z"),
    ] as [(Int64, String)])
  func timesAreSpelled(time: Int64, expected: String) {
    #expect(TimeWriter.rfc3339(time) == expected)
  }

  @Test func daysOfThreeCenturiesAreFoundationSDays() {
    let formatter = ISO8601DateFormatter()
    for day in stride(from: -25_567, to: 106_000, by: 13) {
      let expected = formatter.string(from: Date(timeIntervalSince1970: Double(day) * 86_400))
      #expect(TimeWriter.rfc3339(Int64(day) * 86_400_000_000_000) == expected)
    }
  }

  @Test func aFilesTimesHaveNineDigits() {
    var writer = TimeWriter(.logFile)
    var bytes: [UInt8] = []
    writer.append(1_709_164_800_500_000_000, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "2024/02/29 00:00:00.500000000")
  }
}

@Suite struct FramingTests {
  private func body(_ writer: EntryWriter, _ lines: [String]) -> String {
    var writer = writer
    var out: [UInt8] = []
    writer.open(&out)
    for line in lines {
      Array(line.utf8).withUnsafeBytes {
        writer.add(LogLine(source: .stderr, time: 0, data: $0), to: &out)
      }
    }
    writer.close(&out)
    return String(decoding: out, as: UTF8.self)
  }

  private func entry(_ data: String) -> String {
    #"{"source":"stderr","timestamp":"1970-01-01T00:00:00Z","data":"\#(data)"}"#
  }

  @Test func eachFramingIsWhatItSays() {
    let (a, b) = (entry("a"), entry("b"))
    #expect(body(EntryWriter(.ndjson), ["a", "b"]) == "\(a)\n\(b)\n")
    #expect(body(EntryWriter(.concatenated), ["a", "b"]) == a + b)
    #expect(body(EntryWriter(.sse), ["a", "b"]) == "data: \(a)\n\ndata: \(b)\n\n")
    #expect(body(EntryWriter(.array), ["a", "b"]) == "[\(a),\(b)]")
    #expect(body(EntryWriter(.array), []) == "[]")
    #expect(body(.document, ["a", "b"]) == "{\"entries\":[\(a),\(b)]}")
    #expect(body(.document, []) == "{\"entries\":[]}")
  }
}

@Suite struct ChangesTests {
  @Test func aRingThatCameBeforeTheWaitIsNotMissed() async {
    let changes = Changes()
    let seen = changes.count
    changes.ring()
    await changes.wait(after: seen)
    #expect(changes.count == seen + 1)
  }

  @Test func everybodyIsWoken() async {
    let changes = Changes()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 { group.addTask { await changes.wait(after: 0) } }
      group.addTask { changes.ring() }
    }
  }

  @Test func cancellationAndTimeEndAWait() async {
    let changes = Changes()
    let task = Task { await changes.wait(after: 0) }
    task.cancel()
    await task.value
    await changes.wait(after: 0, atMost: .milliseconds(10))
    #expect(changes.count == 0)
  }
}
