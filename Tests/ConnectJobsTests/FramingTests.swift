import Testing

@testable import ConnectJobs

@Suite("A tail's framing")
struct FramingTests {
  private static let entries = [
    #"{"source":"stdout","timestamp":"2024-12-06T19:09:29.948016766Z","data":"one \"two\" \u00e9"}"#,
    #"{"source":"stderr","timestamp":"2024-12-06T20:09:30+01:00","data":""}"#,
    #"{"data":"数据 🎉 \ud83c\udf89 data: x","extra":{"data":[1,{"a":null}]},"source":"stdout"}"#,
  ]
  private static let texts = ["one \"two\" é", "", "数据 🎉 🎉 data: x"]

  private static var framed: [(name: String, type: String, text: String)] {
    let entries = Self.entries
    let spread = entries.map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map { "data:\($0)" }
        .joined(separator: ",\n")
    }
    return [
      ("a line each", "application/json", entries.joined(separator: "\n") + "\n"),
      (
        "lines with CR LF, blank lines and a mark", "application/x-ndjson",
        "\u{feff}\r\n" + entries.joined(separator: "\r\n\r\n")
      ),
      ("one after another", "application/json", entries.joined()),
      ("a list that grows", "application/json", "[" + entries.joined(separator: ",\n") + "]\n"),
      (
        "events with LF", "text/event-stream",
        entries.map { "data: \($0)\n\n" }.joined()
      ),
      (
        "events with CR", "text/event-stream",
        ": hello\r\r" + entries.map { "event: entry\rid: 7\rdata:\($0)\r\r" }.joined()
      ),
      (
        "events with CR LF, by their bytes alone", "application/json",
        "retry: 10\r\n" + entries.map { "data: \($0)\r\n\r\n:\r\n" }.joined()
      ),
      (
        "events with data in several lines", "text/event-stream",
        spread.map { "\($0)\ndatabase: no\ndat: no\n\n" }.joined()
      ),
    ]
  }

  private func read(
    _ parts: [ArraySlice<UInt8>], _ type: String
  ) throws -> (texts: [String?], isWhole: Bool) {
    let table = TableBuilder(Schemas.entry)
    let reader = TailReader(table, maxEntryBytes: nil)
    for part in parts {
      try Array(part).withUnsafeBytes { try reader.read($0, contentType: type) }
    }
    var isWhole = true
    do { try reader.end(ResponseHead()) } catch { isWhole = false }
    let rows = try table.finish()
    return ((0..<rows.rows).map { rows.string("data", $0) }, isWhole)
  }

  @Test("is found out by the bytes, and read the same however they are split")
  func splits() throws {
    for (name, type, text) in Self.framed {
      let bytes = Array(text.utf8)
      for at in 0...bytes.count {
        let found = try read([bytes[..<at], bytes[at...]], type)
        #expect(found.texts == Self.texts, "\(name), split at \(at)")
        #expect(found.isWhole, "\(name), split at \(at)")
      }
      let single = try read(bytes.indices.map { bytes[$0...$0] }, type)
      #expect(single.texts == Self.texts, "\(name), byte by byte")
    }
  }

  @Test("gives the whole entries of a stream that is cut, and says that it was")
  func cuts() throws {
    for (name, type, text) in Self.framed {
      let bytes = Array(text.utf8)
      for at in 0..<bytes.count {
        let found = try read([bytes[..<at]], type)
        #expect(Self.texts.starts(with: found.texts.map { $0 ?? "?" }), "\(name), cut at \(at)")
      }
    }
  }

  @Test("of something else is refused")
  func garbage() {
    let bytes = Array("{\"data\": nonsense}".utf8)
    #expect(throws: ReadingFault.self) { try read([bytes[...]], "application/json") }
  }
}
