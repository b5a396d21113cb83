import Testing

@testable import ConnectJobs

/// Thousands of follows against made-up servers and faults, each compared with the log.
@Suite("A follow")
struct FollowScheduleTests {
  /// A log in time order within each source: bursts at one instant, two clocks.
  private func makeLog(
    _ random: inout SplitMix, steppingBack: Bool = false, most: UInt64 = 120
  ) -> [MadeLine] {
    let count = Int(random.next() % most)
    var clocks: [Int64] = [1_000, 500]
    return (0..<count).map { id in
      let source = random.next() % 4 == 0 ? 1 : 0
      if random.next() % 3 != 0 { clocks[source] += Int64(random.next() % 5) }
      if steppingBack, random.next() % 20 == 0 { clocks[source] -= 3 }
      return MadeLine(id: id, source: source, time: clocks[source])
    }
  }

  private func makeBehaviour(_ random: inout SplitMix) -> Behaviour {
    var behaviour = Behaviour()
    behaviour.replays = random.next() % 2 == 0
    behaviour.keepsFirst = random.next() % 2 == 0
    behaviour.hasTail = random.next() % 8 != 0
    behaviour.isOld = random.next() % 16 == 0
    behaviour.cut = Int(random.next() % 3) * 60
    behaviour.cleanEnd = Int(random.next() % 3) * 40
    behaviour.refusal = Int(random.next() % 3) * 100
    behaviour.outage = Int(random.next() % 4 / 3) * 20
    behaviour.usualLines = [5_000, 10, 40][Int(random.next() % 3)]
    behaviour.burst = 1 + Int(random.next() % 6)
    return behaviour
  }

  /// What is wrong with what was delivered; `nil`: nothing.
  private func problem(_ world: FollowWorld, from first: Int) -> String? {
    guard world.reason == .finalized else { return "it did not end well" }
    for source in 0...1 {
      let want = world.log.filter { $0.id >= first && $0.source == source }.map(world.identity)
      let got = world.delivered.filter { $0 >= 0 && world.log[$0].source == source }
      let mayLack = world.machine.gapPossible
      let mayRepeat = world.machine.repeatPossible
      if !Set(got).isSubset(of: want) { return "lines that were not asked for" }
      if !mayLack, !isPart(want, of: got) { return "lost or out of order in silence" }
      if !mayRepeat, !isPart(got, of: want) { return "repeated or out of order in silence" }
    }
    return world.delivered.contains(-1) ? "a line that is not in the log" : nil
  }

  /// Whether the one has the other's elements in their order, and perhaps more between.
  private func isPart(_ part: [Int], of whole: [Int]) -> Bool {
    var left = part[...]
    for element in whole where element == left.first { left = left.dropFirst() }
    return left.isEmpty
  }

  @Test(
    "delivers each line once and in order, without a flag, whatever the connection does",
    arguments: [nil] + MadeFraming.allCases)
  func complete(_ framing: MadeFraming?) {
    for seed in 0..<10_000 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let log = makeLog(&random, most: framing == nil ? 120 : 40)
      var behaviour = makeBehaviour(&random)
      behaviour.framing = framing
      let already = Int(random.next() % UInt64(log.count + 1))
      var world = FollowWorld(log, behaviour, .first, writtenAtStart: already, seed: seed)
      world.run()
      let found =
        problem(world, from: 0)
        ?? (world.machine.gapPossible ? "a gap was said to be possible" : nil)
        ?? (world.machine.repeatPossible ? "a repeat was said to be possible" : nil)
      #expect(found == nil, "seed \(seed): \(found ?? ""), \(behaviour)")
      if found != nil { return }
    }
  }

  @Test("loses or repeats nothing in silence where the server cuts its log at a limit")
  func capped() {
    var usable = 0
    var flagged = 0
    for seed in 0..<10_000 as Range<UInt64> {
      var random = SplitMix(seed: seed &+ 1_000_000)
      let log = makeLog(&random)
      var behaviour = makeBehaviour(&random)
      behaviour.cap = 1 + Int(random.next() % 60)
      behaviour.hasDownload = random.next() % 4 != 0
      behaviour.isStamped = random.next() % 4 != 0
      let already = Int(random.next() % UInt64(log.count + 1))
      var world = FollowWorld(log, behaviour, .first, writtenAtStart: already, seed: seed)
      world.run()
      let found = problem(world, from: 0)
      #expect(found == nil, "seed \(seed): \(found ?? ""), \(behaviour)")
      if found != nil { return }
      guard behaviour.hasDownload, behaviour.isStamped else { continue }
      usable += 1
      if world.machine.gapPossible || world.machine.repeatPossible { flagged += 1 }
    }
    // The download has all lines: most often no flag is needed.
    #expect(flagged * 100 < usable * 25, "\(flagged) of \(usable) say that lines may be missing")
  }

  @Test("reads few lines at the end where the stream ended well and the last lines are kept")
  func lastLook() {
    for seed in 0..<1_000 as Range<UInt64> {
      var random = SplitMix(seed: seed &+ 5_000_000)
      let log = (0..<2_000).map { MadeLine(id: $0, source: $0 % 3 / 2, time: Int64($0 / 2)) }
      var behaviour = Behaviour()
      behaviour.replays = random.next() % 2 == 0
      behaviour.burst = 300
      let already = Int(random.next() % UInt64(log.count))
      var world = FollowWorld(log, behaviour, .first, writtenAtStart: already, seed: seed)
      world.run()
      #expect(problem(world, from: 0) == nil, "seed \(seed)")
      #expect(world.finalLines <= 50, "seed \(seed)")
    }
  }

  @Test("says that lines may lack or repeat where a clock steps back")
  func steppingBack() {
    for seed in 0..<10_000 as Range<UInt64> {
      var random = SplitMix(seed: seed &+ 2_000_000)
      let log = makeLog(&random, steppingBack: true)
      let behaviour = makeBehaviour(&random)
      var world = FollowWorld(log, behaviour, .first, writtenAtStart: 0, seed: seed)
      world.run()
      let found = problem(world, from: 0)
      #expect(found == nil, "seed \(seed): \(found ?? ""), \(behaviour)")
      if found != nil { return }
    }
  }

  @Test("from now on, or from a point in time, begins there and loses nothing after it")
  func starts() {
    for seed in 0..<10_000 as Range<UInt64> {
      var random = SplitMix(seed: seed &+ 3_000_000)
      let log = makeLog(&random)
      let behaviour = makeBehaviour(&random)
      let already = Int(random.next() % UInt64(log.count + 1))
      let time = Int64(random.next() % 1_200)
      let start: TailOptions.Start = seed % 2 == 0 ? .now : .since(nanoseconds: time)
      var world = FollowWorld(log, behaviour, start, writtenAtStart: already, seed: seed)
      world.run()
      let found = startProblem(world, start, already)
      #expect(found == nil, "seed \(seed): \(found ?? ""), \(start), \(already), \(behaviour)")
      if found != nil { return }
    }
  }

  /// From now on: what was there when the follow began may come only as far as it was written while
  /// the follow looked for the end.
  private func startProblem(
    _ world: FollowWorld, _ start: TailOptions.Start, _ already: Int
  ) -> String? {
    guard world.reason == .finalized else { return "it did not end well" }
    let got = world.delivered
    guard Set(got).count == got.count || world.machine.repeatPossible else { return "repeated" }
    if case .since(let time) = start {
      let want = Set(world.log.filter { $0.time >= time }.map(\.id))
      guard Set(got) == want || world.machine.gapPossible else { return "not what was asked for" }
      return nil
    }
    guard let first = got.min() else { return nil }
    guard first >= already else { return "lines from before the start" }
    let want = Set(first..<world.log.count)
    return Set(got) == want || world.machine.gapPossible ? nil : "lost in silence"
  }

  @Test("from the last N lines gives just these, and then what comes")
  func lastLines() {
    for seed in 0..<10_000 as Range<UInt64> {
      var random = SplitMix(seed: seed &+ 4_000_000)
      let log = makeLog(&random)
      let behaviour = makeBehaviour(&random)
      let already = Int(random.next() % UInt64(log.count + 1))
      let count = Int(random.next() % 20) + 1
      var world = FollowWorld(
        log, behaviour, .last(Int64(count)), writtenAtStart: already, seed: seed)
      world.run()
      let got = world.delivered
      let first = got.min() ?? log.count
      let isWhole = Set(got) == Set(first..<log.count) || world.machine.gapPossible
      let found =
        world.reason != .finalized
        ? "it did not end well"
        : !isWhole ? "lost in silence" : first < already - count ? "too many" : nil
      #expect(found == nil, "seed \(seed): \(found ?? ""), \(count) of \(already), \(behaviour)")
      if found != nil { return }
    }
  }
}
