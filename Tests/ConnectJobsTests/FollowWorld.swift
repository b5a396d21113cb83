@testable import ConnectJobs

/// A line of a made-up log. `id` is its place; the machine never sees it.
struct MadeLine: Hashable {
  let id: Int
  let source: Int
  let time: Int64
  var text = ""
}

/// How a made-up server behaves where nobody documents it, and how often things go wrong.
struct Behaviour {
  /// Lines go through bytes, framed so; `nil`: they are handed over as they are.
  var framing: MadeFraming?
  var replays = false
  var keepsFirst = false
  var cap: Int?
  var hasTail = true
  /// A server before the Jobs API: no tail, and always all of the log.
  var isOld = false
  var hasDownload = true
  /// The lines of the download begin with a time.
  var isStamped = true
  /// Chances in a thousand, at each step.
  var cut = 0
  var cleanEnd = 0
  var refusal = 0
  var outage = 0
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
  private let texts: MadeTexts
  private var cursor: Int?
  private var stream: MadeAnswer?
  private var downloadAnchor: Int?
  /// Lines that the last download had.
  private var overlapEnd = 0
  /// Steps until a server that restarts, or a proxy that answers for it, is back.
  private var outageLeft = 0
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
    var words = SplitMix(seed: seed ^ 0x77)
    texts = MadeTexts(log, isFramed: behaviour.framing != nil, &words)
    written = writtenAtStart
    self.writtenAtStart = writtenAtStart
    machine = FollowMachine(
      start, budget: 1 << 40, seed: seed, usualLines: behaviour.usualLines)
    machine.answersAreWhole = behaviour.isOld
    habits.hasNoTail = behaviour.isOld
  }

  private var now: Instant { Instant(milliseconds: clock) }

  private mutating func chance(_ inThousand: Int) -> Bool {
    random.next() % 1_000 < UInt64(inThousand)
  }

  /// What keeps an answer away for a while: a cut, a stall, a 502, a 429, a node without our session.
  private mutating func trouble() -> Trouble {
    let kinds: [Status] = [.network, .timedOut, .server, .rateLimited, .notFound]
    var failure = Failure(kinds[Int(random.next() % 5)], "made up")
    if failure.status == .notFound { failure.apiCode = 141 }
    return Trouble(failure)
  }

  /// Whether a request is refused.
  private mutating func isRefused() -> Bool { outageLeft > 0 || chance(behaviour.refusal) }

  /// The line that stands for all that are equal to it, where they went through bytes.
  func identity(_ line: MadeLine) -> Int {
    behaviour.framing == nil ? line.id : texts.first(line).id
  }

  /// Time goes on: lines are written, then the job ends.
  private mutating func advance() {
    clock += 10
    if outageLeft > 0 {
      outageLeft -= 1
      if outageLeft == 0 { clock += 5_000 }
    } else if chance(behaviour.outage) {
      outageLeft = 1 + Int(random.next() % 30)
    }
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
      downloadAnchor = heldLog.first.map(identity)
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
        delivered.append(identity(line))
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
      if isRefused() { return .tailRefused(trouble()) }
      stream = behaviour.framing.map { MadeAnswer($0, texts, seed: random.next()) }
      cursor = behaviour.replays ? 0 : written
      return .tailOpened
    case .peek:
      guard let cursor, cursor < written else { return .peekedNothing }
      return .peeked(source: log[cursor].source, time: log[cursor].time)
    case .readLog(let lines): return readLog(Int(lines))
    case .countDownload(let limit):
      if status == JobStatus.finalized { finalLines += min(limit, written) }
      return .counted(behaviour.hasDownload ? min(limit, written) : nil)
    case .readDownload: return readDownload()
    case .takeTail: return takeTail()
    case .lookAtJob:
      if isRefused() { return .jobFailed(trouble()) }
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

  /// What comes of some lines.
  ///
  /// - Returns: the lines, and whether all of the answer came.
  private mutating func receive(
    _ lines: ArraySlice<MadeLine>, _ answer: MadeAnswer?, cut: Bool
  ) -> (lines: [MadeLine], isWhole: Bool) {
    if let answer { return answer.receive(lines, cut: cut) }
    let most = cut ? Int(random.next() % UInt64(lines.count + 1)) : lines.count
    return (Array(lines.prefix(most)), !cut)
  }

  private mutating func readLog(_ lines: Int) -> FollowMachine.Event {
    if isRefused() { return .logFailed(trouble()) }
    let most = behaviour.isOld ? .max : min(lines, behaviour.cap ?? .max)
    let all = log[..<written]
    if status == JobStatus.finalized { finalLines += min(most, all.count) }
    let answer = behaviour.framing.map { _ in MadeAnswer(nil, texts, seed: random.next()) }
    let (came, isWhole) = receive(
      behaviour.keepsFirst ? all.prefix(most) : all.suffix(most), answer,
      cut: chance(behaviour.cut))
    for line in came {
      switch machine.judgeLog(line.source, line.time) {
      case .deliver: delivered.append(identity(line))
      case .drop: break
      case .hold: heldLog.append(line)
      case .stop: return .stopped
      }
    }
    guard isWhole, answer?.end(isWhole: true) ?? true else { return .logFailed(trouble()) }
    return .logEnded
  }

  /// The download has no sources; what it has is told apart by time and text, as here by the line.
  private mutating func readDownload() -> FollowMachine.Event {
    guard behaviour.hasDownload else { return .logFailed(.unsupported(Failure(.unsupported, ""))) }
    if isRefused() { return .logFailed(trouble()) }
    let anchor = machine.filling.skip > 0 ? delivered.last : downloadAnchor
    let breaksAt = chance(behaviour.cut) ? Int(random.next() % UInt64(written + 1)) : .max
    overlapEnd = written
    let end = written
    for line in log[..<end] {
      if line.id == breaksAt { return .logFailed(trouble()) }
      if line.id % 16 == 0 { advance() }
      let head = heldTail.first?.id ?? cursor.flatMap { $0 < written ? $0 : nil }
      switch machine.judgeDownload(
        isStamped: behaviour.isStamped, isAnchor: identity(line) == anchor, isHead: line.id == head)
      {
      case .deliver: delivered.append(identity(line))
      case .drop, .hold: break
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
        case .deliver: delivered.append(identity(line))
        case .drop, .hold: break
        case .stop: return .stopped
        }
        heldTail.removeFirst()
      }
      machine.heldIsPlaced()
    }
    while true {
      guard let place = cursor else { return .tailEnded(trouble()) }
      let isCut = outageLeft > 0 || chance(behaviour.cut)
      let isEnded = !isCut && chance(behaviour.cleanEnd)
      let next = log[place..<max(place, min(written, place + 1 + Int(random.next() % 8)))]
      if isCut || isEnded {
        let came = receive(next, stream, cut: true).lines
        cursor = nil
        if let event = judge(came[...]) { return event }
        return end(isEnded && stream?.end(isWhole: false) ?? true ? nil : trouble())
      }
      if !next.isEmpty {
        cursor = next.endIndex
        if let event = judge(receive(next, stream, cut: false).lines[...]) { return event }
      } else if status == JobStatus.finalized {
        return end(stream?.end(isWhole: true) ?? true ? nil : trouble())
      } else {
        advance()
      }
    }
  }

  private mutating func judge(_ received: ArraySlice<MadeLine>) -> FollowMachine.Event? {
    if machine.awaitsOverlap, let first = received.first {
      machine.overlaps(max(0, overlapEnd - first.id), isAmbiguous: false)
    }
    for (index, line) in received.enumerated() {
      switch machine.judgeTail(line.source, line.time, &habits) {
      case .deliver: delivered.append(identity(line))
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
