@testable import ConnectJobs

/// A line of a made-up log. `id` is its place; the machine never sees it.
struct MadeLine {
  let id: Int
  let source: Int
  let time: Int64
}

/// How a made-up server behaves where nobody documents it, and how often things go wrong.
struct Behaviour {
  var replays = false
  var keepsFirst = false
  var cap: Int?
  var hasTail = true
  var hasDownload = true
  /// Chances in a thousand, at each step.
  var cut = 0
  var cleanEnd = 0
  var refusal = 0
  /// How many lines are written at a step, at most.
  var burst = 3
  /// How many lines the follow asks for at first.
  var usualLines: Int64 = 5_000
}

/// Runs a follow machine against a log that is being written, on a clock of its own; every choice
/// comes from the seed. It stands in for the shell with its requests, and nothing else.
struct FollowWorld {
  let log: [MadeLine]
  let behaviour: Behaviour
  private(set) var delivered: [Int] = []
  private(set) var machine: FollowMachine
  private(set) var reason: EndReason?
  /// Lines that answers of `/log` had after the job was finalized, and lines of it that were counted.
  private(set) var finalLines = 0
  private(set) var steps = 0
  private(set) var written: Int
  private let writtenAtStart: Int
  private var habits = ServerHabits()
  private var random: SplitMix
  private var clock: Int64 = 0
  private var cursor: Int?
  private var heldLog: [MadeLine] = []
  private var heldTail: [MadeLine] = []
  private var stepsSinceWritten = 0

  init(
    _ log: [MadeLine], _ behaviour: Behaviour, _ start: TailOptions.Start, writtenAtStart: Int,
    seed: UInt64
  ) {
    self.log = log
    self.behaviour = behaviour
    random = SplitMix(seed: seed)
    written = writtenAtStart
    self.writtenAtStart = writtenAtStart
    machine = FollowMachine(
      start, budget: 1 << 40, seed: seed, usualLines: behaviour.usualLines)
  }

  private var now: Instant { Instant(milliseconds: clock) }

  private mutating func chance(_ inThousand: Int) -> Bool {
    random.next() % 1_000 < UInt64(inThousand)
  }

  private static let trouble = Trouble.passing(Failure(.network, "made up"))

  /// Time goes on: lines are written, then the job ends.
  private mutating func advance() {
    clock += 10
    if written < log.count {
      written = min(log.count, written + Int(random.next() % UInt64(behaviour.burst + 1)))
    } else {
      stepsSinceWritten += 1
    }
  }

  private var status: Int64 {
    if written < log.count || stepsSinceWritten < 3 { return JobStatus.active }
    return stepsSinceWritten < 6 ? JobStatus.finished : JobStatus.finalized
  }

  mutating func run() {
    var event = FollowMachine.Event.start
    while reason == nil, steps < 200_000 {
      steps += 1
      let command = machine.next(event, &habits, now)
      settleHeld()
      advance()
      event = perform(command)
    }
  }

  private mutating func settleHeld() {
    switch machine.held {
    case .keep: return
    case .discard: break
    case .deliver:
      if let most = machine.mostHeld { heldLog = Array(heldLog.suffix(most)) }
      for line in heldLog {
        if !machine.hasBaseline { _ = machine.deliver(line.source, line.time) }
        delivered.append(line.id)
      }
    }
    heldLog = []
  }

  private mutating func perform(_ command: FollowMachine.Command) -> FollowMachine.Event {
    switch command {
    case .openTail:
      cursor = nil
      heldTail = []
      guard behaviour.hasTail else {
        return .tailRefused(.unsupported(Failure(.unsupported, "made up")))
      }
      if chance(behaviour.refusal) { return .tailRefused(Self.trouble) }
      cursor = behaviour.replays ? 0 : written
      return .tailOpened
    case .peek:
      guard let cursor, cursor < written else { return .peekedNothing }
      return .peeked(source: log[cursor].source, time: log[cursor].time)
    case .readLog(let lines): return readLog(Int(lines))
    case .countDownload(let limit):
      if status == JobStatus.finalized { finalLines += min(limit, written) }
      return .counted(behaviour.hasDownload ? min(limit, written) : nil)
    case .takeTail: return takeTail()
    case .lookAtJob:
      if chance(behaviour.refusal) { return .jobFailed(Self.trouble) }
      return .job(status: status, exitCode: 0)
    case .rest(let milliseconds):
      cursor = nil
      heldTail = []
      clock += milliseconds
      return .rested
    case .end(let reason):
      self.reason = reason
      return .start
    }
  }

  private mutating func readLog(_ lines: Int) -> FollowMachine.Event {
    if chance(behaviour.refusal) { return .logFailed(Self.trouble) }
    let most = min(lines, behaviour.cap ?? .max)
    let all = log[..<written]
    if status == JobStatus.finalized { finalLines += min(most, all.count) }
    let breaksAt = chance(behaviour.cut) ? Int(random.next() % UInt64(all.count + 1)) : .max
    for (index, line) in (behaviour.keepsFirst ? all.prefix(most) : all.suffix(most)).enumerated() {
      if index == breaksAt { return .logFailed(Self.trouble) }
      switch machine.judgeLog(line.source, line.time) {
      case .deliver: delivered.append(line.id)
      case .drop: break
      case .hold: heldLog.append(line)
      case .stop: return .stopped
      }
    }
    return .logEnded
  }

  private mutating func takeTail() -> FollowMachine.Event {
    machine.tailIsTaken()
    if !heldTail.isEmpty {
      while let line = heldTail.first {
        switch machine.judgeHeld(line.source, line.time) {
        case .deliver: delivered.append(line.id)
        case .drop, .hold: break
        case .stop: return .stopped
        }
        heldTail.removeFirst()
      }
      machine.heldIsPlaced()
    }
    while true {
      guard let place = cursor else { return .tailEnded(Self.trouble) }
      if chance(behaviour.cut) { return end(Self.trouble) }
      if chance(behaviour.cleanEnd) { return end(nil) }
      if place < written {
        let received = log[place..<min(written, place + 1 + Int(random.next() % 8))]
        cursor = received.endIndex
        if let event = judge(received) { return event }
      } else if status == JobStatus.finalized {
        return end(nil)
      } else {
        advance()
      }
    }
  }

  private mutating func judge(_ received: ArraySlice<MadeLine>) -> FollowMachine.Event? {
    for (index, line) in received.enumerated() {
      switch machine.judgeTail(line.source, line.time, &habits) {
      case .deliver: delivered.append(line.id)
      case .drop, .hold: break
      case .stop:
        heldTail = Array(received.dropFirst(index))
        return .stopped
      }
    }
    return nil
  }

  private mutating func end(_ trouble: Trouble?) -> FollowMachine.Event {
    cursor = nil
    heldTail = []
    return .tailEnded(trouble)
  }
}
