import Testing

@testable import ConnectJobs

/// Lines of a tail, as the machine sees them.
private struct Lines {
  var times: [Int64] = []
  var sources: [String] = []

  /// - Parameter mayStepBack: now and then a source's clock does.
  init(_ count: Int, from start: Int64, mayStepBack: Bool, _ numbers: inout SeededNumbers) {
    var clocks = ["stdout": start, "stderr": start + 500, "other": start - 500]
    for _ in 0..<count {
      let source = ["stdout", "stderr", "other"].randomElement(using: &numbers) ?? "stdout"
      let step = Int64.random(in: 0...2, using: &numbers)
      let back = mayStepBack && numbers.bool(20) ? Int64(5) : 0
      clocks[source, default: 0] += step - back
      times.append(clocks[source] ?? 0)
      sources.append(source)
    }
  }

  func table(_ rows: Range<Int>) throws -> Table {
    let builder = TableBuilder(Schemas.entry)
    for row in rows {
      try builder.stage(sources[row], "source")
      builder.stage(times[row], "timestamp")
      try builder.stage("", "data")
      try builder.endRow()
    }
    return try builder.finish()
  }
}

@Suite("Lines that are delivered in runs")
struct FollowRunTests {
  @Test("leave the same seam as one by one, also after a clock that stepped back")
  func sameSeam() throws {
    var numbers = SeededNumbers()
    var runs = 0
    for round in 0..<300 {
      let lines = Lines(60, from: 1_000, mayStepBack: round % 2 == 0, &numbers)
      var (one, other) = (Seam(), Seam())
      var (names, otherNames) = (SourceNames(), SourceNames())
      var at = 0
      while at < 60 {
        let end = min(60, at + Int.random(in: 1...15, using: &numbers))
        let table = try lines.table(at..<end)
        let keys = try #require(EntryKeys(table, &names))
        let sameKeys = try #require(EntryKeys(table, &otherNames))
        if one.pass(keys) { runs += 1 } else { passEach(keys, &one) }
        passEach(sameKeys, &other)
        at = end
        #expect(one == other, "seed \(numbers.seed)")
        #expect(one.totals == other.totals && one.lastSource == other.lastSource)
        #expect(one.first?.source == other.first?.source && one.first?.time == other.first?.time)
      }
    }
    #expect(runs > 300)
  }

  private func passEach(_ keys: EntryKeys, _ seam: inout Seam) {
    for row in 0..<keys.count {
      let key = keys.key(row, .min)
      seam.pass(key.source, key.time)
    }
  }

  @Test("only where a reading would deliver each of them")
  func onlyWhatIsDelivered() {
    var numbers = SeededNumbers()
    var sure = 0
    for _ in 0..<2_000 {
      var seam = Seam()
      for _ in 0..<Int.random(in: 0...6, using: &numbers) {
        seam.pass(Int.random(in: 0...2, using: &numbers), Int64.random(in: 0...9, using: &numbers))
      }
      seam.hasUnseen = numbers.bool(4)
      var reading = Reading(from: seam, isWhole: numbers.bool(), isJoined: numbers.bool())
      for _ in 0..<12 {
        let isSure = reading.deliversAll
        let verdict = reading.judge(
          Int.random(in: 0...2, using: &numbers), Int64.random(in: 0...12, using: &numbers))
        guard isSure else { continue }
        sure += 1
        #expect(verdict == .deliver, "seed \(numbers.seed)")
        #expect(reading.deliversAll)
      }
    }
    #expect(sure > 1_000)
  }

  @Test("not where a line has no time or no source")
  func missing() throws {
    for missing in ["source", "timestamp"] {
      let builder = TableBuilder(Schemas.entry)
      if missing != "source" { try builder.stage("stdout", "source") }
      if missing != "timestamp" { builder.stage(7, "timestamp") }
      try builder.endRow()
      var names = SourceNames()
      let keys = try #require(EntryKeys(try builder.finish(), &names))
      var seam = Seam()
      let isPassed = seam.pass(keys)
      #expect(!isPassed)
      #expect(seam == Seam() && seam.isEmpty)
    }
  }
}
