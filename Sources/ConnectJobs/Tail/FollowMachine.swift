/// Decides how one job is followed: which request comes next, and which lines are delivered. A value
/// without I/O: it is told what happened, and answers with what to do.
///
/// A stream alone proves nothing: it may begin in the midst, and end without a reason. So a follow
/// joins it with the log: the stream is opened first, and held; then the log is read, up to its end;
/// then the stream is taken up. What both have is dropped by the ``Seam``. Where a line of the
/// stream cannot be placed, the log is read once more, up to that line.
///
///     probing     the log's few lines, to know a replay by        -> opening
///     opening     tail accepted, replay known or log was empty    -> live
///                 tail accepted, replay to be seen                -> peeking
///                 tail accepted                                   -> reading
///                 no such endpoint                                -> reading (polls)
///                 refused                                         -> looking
///     peeking     first line is older than the probe's            -> live
///                 not so, or none in time                         -> reading
///     reading     complete                                        -> live, settling, looking, ended
///                 cannot be placed, or cut at a limit             -> reading with more lines
///                 whether it has the beginning is not known       -> counting
///     counting    the download has no more lines                  -> as reading, complete
///                 it has more                                     -> checking
///     checking    the log has grown since: it was whole           -> reading on
///                 it has not: it is cut at the server's limit     -> as reading, with a gap
///     any of these, where lines are missing that /log does not give    -> filling
///     filling     the download is read                            -> live, looking, ended
///                 it is of no use                                 -> reading, with a gap
///     live        a line that cannot be placed                    -> reading, then settling
///                 ended                                           -> looking
///     settling    the lines that were held back are placed        -> live
///     looking     active                                          -> resting, then opening
///                 finished                                        -> resting, then looking
///                 finalized                                       -> reading once more, then ended
///     any         trouble that may pass                           -> resting, then again
///                 trouble beyond the budget, or that stays        -> ended (lost)
struct FollowMachine {
  enum Command: Equatable {
    /// Open the tail and hold it; answer `tailOpened` or `tailRefused`.
    case openTail
    /// Wait for the held tail's first line, so long at most; answer `peeked`.
    case peek(milliseconds: Int64)
    /// Read the log, judging each line; answer `logEnded` or `logFailed`, or `stopped`.
    case readLog(lines: Int64)
    /// Count the download's lines, up to a limit; answer `counted`.
    case countDownload(limit: Int)
    /// Read the download, judging each line; answer `logEnded` or `logFailed`, or `stopped`.
    case readDownload
    /// Take the tail's lines, judging each; answer `tailEnded` or `stopped`.
    case takeTail
    /// Ask for the job's state; answer `job` or `jobFailed`.
    case lookAtJob
    /// Close the tail if it is open, wait, then answer `rested`.
    case rest(milliseconds: Int64)
    case end(EndReason)
  }

  enum Event {
    case start
    case tailOpened
    case tailRefused(Trouble)
    case peeked(source: Int, time: Int64)
    case peekedNothing
    case logEnded
    case logFailed(Trouble)
    case counted(Int?)
    case stopped
    case tailEnded(Trouble?)
    case job(status: Int64, exitCode: Int64?)
    case jobFailed(Trouble)
    case rested
  }

  /// What becomes of a line.
  enum Verdict: Equatable {
    case deliver
    case drop
    /// Kept back until the reading's end says whether it is delivered.
    case hold
    /// Not taken: tell `stopped`; of a tail, keep this line and those after it.
    case stop
  }

  enum State {
    case probing
    case opening
    case peeking
    case reading
    case counting
    case checking
    case filling
    case live
    case looking
    case resting(then: Next)
    case ended
  }

  enum Next {
    case open
    case look
    case read
  }

  /// What a reading of the log is for, and so what comes after it.
  enum Purpose {
    case catchUp
    case settle
    case final
    /// Where the log ends now, for a follow that begins there, or a number of lines before.
    case baseline
  }

  /// What the shell does with the lines of the log that it holds.
  enum Held {
    case keep
    case deliver
    case discard
  }

  /// How many lines a reading asks for at first.
  static let usualLines: Int64 = 5_000
  static let probeLines: Int64 = 50
  /// How many lines the last look asks for at first, to see that the log ends where the stream did.
  static let lastLines: Int64 = 50
  static let allLines: Int64 = 2_147_483_647
  static let peekTime: Int64 = 300
  static let mostSettlings = 3
  static let mostRecounts = 8
  /// Tails in a row that cannot be read and bring no line; after that the follow is given up.
  static let mostUnreadable = 3

  let start: TailOptions.Start
  let budget: Int64
  let usualLines: Int64
  var state = State.opening
  var seam = Seam()
  var gapPossible = false
  var repeatPossible = false
  var reconnects: Int64 = 0
  var exitCode: Int64?
  var failure: Failure?
  var held = Held.keep

  // The tail.
  var tail = Reading(from: Seam())
  var tailIsWhole = false
  var tailIsJoined = false
  /// The tail said nothing yet: whether it was accepted before the log was read is not known.
  var tailHeadIsLate = false
  var isTailOpen = false
  var wasOpened = false
  var endedWell = false
  /// Why the tail ended, where what came cannot be read: another try may bring the same.
  var unreadable: Failure?
  var probe = Probe()
  /// The tail is taken for one that replays, and has still to come past the probe's lines.
  var isProbeOwed = false
  var isFirstTailLine = true
  var marksAtOpening: [Seam.Mark?] = []
  /// It began with an older line than those that were delivered when it was opened.
  var isReplaySuspected = false

  // The log.
  /// The server gives all of a log, whatever it is asked for.
  var answersAreWhole = false
  var log = Reading(from: Seam())
  var purpose = Purpose.catchUp
  var lines: Int64 = 0
  var rows = 0
  var firstRow: (source: Int, time: Int64)?
  /// The beginning of the answer before, to compare with.
  var firstRowBefore: (source: Int, time: Int64)?
  /// The number of lines of the answer that is being checked.
  var checkedRows = 0
  var isForced = false
  /// For a follow from a point in time: sources of which the answer has earlier lines, and whether it
  /// has wanted lines of a source without earlier ones.
  var beganBeforeStart: Set<Int> = []
  var isStartUnseen = false
  var heldRows = 0
  var hasBaseline = false
  /// The time of each source's first line in the baseline.
  var firstTimes: [Int: Int64] = [:]
  /// Whether what is delivered is known to begin with the first line, or it was said that it may not.
  var frontIsChecked = false
  /// The first lines came from a tail that replays the log from its beginning.
  var beganWhole = false
  /// An answer was taken for whole that was not shown to be: in the end the lines are counted.
  var isCountOwed = false
  var settlings = 0
  var recounts = 0

  // The download, where it fills a gap.
  var delivered = 0
  var filling = Filling(skip: 0)
  var wantsFilling = false
  var cannotFill = false
  /// Lines are told apart by their number, not by their times.
  var isByNumber = false
  var tailOverlap: Int?

  // Trouble.
  var troubleSince: Instant?
  var troubles = 0
  /// The server has answered once: what comes later is perhaps not its own word.
  var hasAnswered = false
  var fruitless = 0
  var random: SplitMix

  init(
    _ start: TailOptions.Start, budget: Int64, seed: UInt64,
    usualLines: Int64 = FollowMachine.usualLines
  ) {
    self.start = start
    self.budget = budget
    self.usualLines = usualLines
    random = SplitMix(seed: seed)
  }

  // MARK: Lines

  /// Judges a line of the log.
  @inline(__always)
  mutating func judgeLog(_ source: Int, _ time: Int64) -> Verdict {
    rows += 1
    if case .probing = state { return probe(source, time) }
    if case .checking = state { return rows > checkedRows ? .stop : .drop }
    if firstRow == nil { beginLog(source, time) }
    if purpose == .baseline {
      if firstTimes[source] == nil { firstTimes[source] = time }
      seam.pass(source, time)
      return keepsLast ? .hold : .drop
    }
    if isBeforeStart(time) {
      beganBeforeStart.insert(source)
      return .drop
    }
    switch log.judge(source, time) {
    case .drop: return .drop
    case .deliver: return deliver(source, time, isGuess: log.isGuess)
    case .undecided:
      if log.stepsBack { seam.isUnordered = true }
      guard isForced, !log.stepsBack else { return .stop }
      return deliver(source, time, isGuess: true)
    case .unproven:
      if seam.isEmpty {
        if !beganBeforeStart.contains(source) { isStartUnseen = true }
        heldRows += 1
        // One that has more than was asked for is read as it comes, and checked afterwards.
        return Int64(heldRows) > lines ? .stop : .hold
      }
      guard isForced else { return .stop }
      if canFill {
        wantsFilling = true
        return .stop
      }
      noteGap()
      log.isJoined = true
      return deliver(source, time)
    }
  }

  /// Judges a line of the tail.
  @inline(__always)
  mutating func judgeTail(_ source: Int, _ time: Int64, _ habits: inout ServerHabits) -> Verdict {
    if isFirstTailLine { noteFirstLine(source, time) }
    if isByNumber, takeOverlap() { return .drop }
    if isProbeOwed, !passProbe(source, time, &habits) { return .stop }
    if isBeforeStart(time) { return .drop }
    switch tail.judge(source, time) {
    case .drop: return .drop
    case .deliver:
      if isReplaySuspected, tail.hasMark(source) {
        // It came past the lines that are behind: it does begin before them.
        isReplaySuspected = false
        habits.replays = true
      }
      return deliver(source, time, isGuess: tail.isGuess)
    case .undecided, .unproven:
      if tail.stepsBack {
        seam.isUnordered = true
        habits.replays = false
      }
      return .stop
    }
  }

  /// Lines are missing. What comes after them may begin in the midst of an instant, and then its lines
  /// are not told apart either.
  mutating func noteGap() {
    gapPossible = true
    repeatPossible = true
  }

  private mutating func passProbe(
    _ source: Int, _ time: Int64, _ habits: inout ServerHabits
  ) -> Bool {
    guard probe.pass(source, time) else {
      // What looked like the log's first lines came from a clock that was set back.
      isProbeOwed = false
      beganWhole = false
      seam.isUnordered = true
      return false
    }
    if probe.isPassed {
      isProbeOwed = false
      habits.replays = true
    }
    return true
  }

  /// Judges a line that was held back while the log was read up to it.
  mutating func judgeHeld(_ source: Int, _ time: Int64) -> Verdict {
    if isBeforeStart(time) { return .drop }
    if isByNumber { return takeOverlap() ? .drop : deliver(source, time) }
    if let mark = seam[source], time <= mark.time { return .drop }
    if settlings < Self.mostSettlings { return .stop }
    if canFill {
      wantsFilling = true
      return .stop
    }
    // The log does not reach this line, however often it is read: it is cut at a limit.
    noteGap()
    return deliver(source, time)
  }

  /// The tail is taken up, with lines held back or without; to be called at `takeTail`.
  mutating func tailIsTaken() {
    if settlings == 0 {
      tail = Reading(from: seam, isWhole: tailIsWhole, isJoined: tailIsJoined)
    }
  }

  /// The lines that were held back have all been judged: what follows them on the tail is complete.
  mutating func heldIsPlaced() {
    settlings = 0
    tail = Reading(from: seam, isJoined: true)
  }

  mutating func deliver(_ source: Int, _ time: Int64, isGuess: Bool = false) -> Verdict {
    seam.pass(source, time, isGuess: isGuess)
    if isGuess { repeatPossible = true }
    delivered += 1
    fruitless = 0
    return .deliver
  }

  /// How many of the held lines are wanted, from the end; `nil`: all.
  var mostHeld: Int? {
    guard purpose == .baseline, case .last(let count) = start else { return nil }
    return Int(clamping: count)
  }

  private var keepsLast: Bool { if case .last = start { true } else { false } }

  private func isBeforeStart(_ time: Int64) -> Bool {
    guard case .since(let nanoseconds) = start else { return false }
    return time < nanoseconds
  }

  /// A server that ignores the limit gives all lines: some are enough.
  private mutating func probe(_ source: Int, _ time: Int64) -> Verdict {
    probe.add(source, time)
    return rows < 1_000 ? .drop : .stop
  }

  /// The first line of an answer: does it begin where the follow did?
  private mutating func beginLog(_ source: Int, _ time: Int64) {
    firstRow = (source, time)
    log = Reading(from: seam)
    // Of a whole log that is too long to be held, the beginning is checked afterwards. A follow that
    // began with an empty log wants all that came since.
    log.isWhole = answersAreWhole || (seam.isEmpty && (lines == Self.allLines || hasBaseline))
    guard let first = seam.first, first.source == source else { return }
    if time < first.time, !seam.isUnordered { log.isWhole = true }
    // An answer of so many lines may begin in the midst of the first instant; of all, where the
    // server cuts them at a limit.
    if time == first.time, lines == Self.allLines, !log.isWhole {
      log.isWhole = true
      isCountOwed = true
    }
  }

  private mutating func noteFirstLine(_ source: Int, _ time: Int64) {
    isFirstTailLine = false
    guard source < marksAtOpening.count, let mark = marksAtOpening[source], time < mark.time else {
      return
    }
    isReplaySuspected = true
  }
}
