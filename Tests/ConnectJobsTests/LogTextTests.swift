import Testing

@testable import ConnectJobs

@Suite("A log as plain text")
struct LogTextTests {
  private static let text = """
    2018/12/14 12:32:15.123456789 one two
    2018/12/14 12:32:15.5 é 数据 🎉
    2018/12/14 12:32:16 \n\
    no stamp
    2018/13/14 12:32:16 no month
    2018/12/14 12:32:17.000000001 2018/12/14 12:32:18 twice
    """

  private func read(_ parts: [ArraySlice<UInt8>], source: String? = "stderr") throws -> Table {
    let table = TableBuilder(Schemas.entry)
    let reader = LogTextReader(table, source: source, maxEntryBytes: 100)
    for part in parts { try Array(part).withUnsafeBytes { try reader.read($0) } }
    try reader.end()
    return try table.finish()
  }

  @Test("gives each line's time and text, and lines without a time as they are")
  func lines() throws {
    let rows = try read([Array(Self.text.utf8)[...]])
    #expect(
      (0..<rows.rows).map { rows.string("data", $0) } == [
        "one two", "é 数据 🎉", "", "no stamp", "2018/13/14 12:32:16 no month",
        "2018/12/14 12:32:18 twice",
      ])
    let times = (0..<rows.rows).map { row in
      rows["timestamp"].flatMap { $0.isNull(row) ? nil : $0.number(row) }
    }
    let second: Int64 = 1_544_790_735_000_000_000
    #expect(
      times == [
        second + 123_456_789, second + 500_000_000, second + 1_000_000_000, nil, nil,
        second + 2_000_000_001,
      ])
    #expect((0..<rows.rows).allSatisfy { rows.string("source", $0) == "stderr" })
  }

  @Test("is read the same however its bytes are split")
  func splits() throws {
    let bytes = Array(Self.text.utf8)
    let whole = try read([bytes[...]])
    for at in bytes.indices {
      let rows = try read([bytes[..<at], bytes[at...]], source: nil)
      #expect(rows.rows == whole.rows, "split at \(at)")
      for row in 0..<rows.rows {
        #expect(rows.string("data", row) == whole.string("data", row), "split at \(at)")
        #expect(rows["source"]?.isNull(row) == true)
      }
    }
  }

  @Test("has what is not UTF-8 replaced, and a line that is too long refused")
  func oddities() throws {
    let rows = try read([Array("2018/12/14 12:32:15 a".utf8) + [0xff, 0x0a]])
    #expect(rows.string("data", 0) == "a\u{fffd}")
    #expect(throws: ReadingFault.entryTooLarge) {
      try read([Array(String(repeating: "x", count: 101).utf8)[...]])
    }
  }

  @Test("of an older server is one log of both sources, by time, each in its own order")
  func merged() throws {
    let texts = TableBuilder(OldJobs.logFields)
    let stdout = "2018/12/14 12:00:01 a\n2018/12/14 12:00:03 b\nb goes on\n2018/12/14 12:00:02 c\n"
    let stderr = "2018/12/14 12:00:02 x\n2018/12/14 12:00:09 y\n"
    try texts.stage(stdout, "stdout")
    try texts.stage(stderr, "stderr")
    try texts.endRow()
    let rows = try OldJobs.entries(try texts.finish(), [], maxEntryBytes: nil)
    #expect(
      (0..<rows.rows).map { rows.string("data", $0) } == ["a", "x", "b", "b goes on", "c", "y"])
  }

  @Test("is given with jobs of integers and seconds, which become today's")
  func jobs() throws {
    let json = """
      [{"id":7,"ppid":1,"pid":null,"key":"k","app_id":3,"start_time":1544790735,"end_time":null,
      "exit_code":2,"finalized":true,"tag":"run_app","origin":null},{"key":"l","finalized":false}]
      """
    let builder = TableBuilder(OldJobs.fields)
    let reader = RecordReader(builder, .array, maxEntryBytes: nil)
    try Array(json.utf8).withUnsafeBytes { try reader.read($0) }
    try reader.end()
    let jobs = try OldJobs.jobs(try builder.finish())
    #expect(jobs.columns.map(\.field.name.description) == Schemas.job.map(\.name.description))
    #expect(jobs.string("id", 0) == "7")
    #expect(jobs["start_time"]?.number(0) == 1_544_790_735_000_000_000)
    #expect(jobs["end_time"]?.isNull(0) == true)
    #expect(jobs.integer("status", 0) == JobStatus.finalized)
    #expect(jobs.integer("status", 1) == JobStatus.active)
    #expect(jobs.string("tag", 0) == "run_app")
  }
}
