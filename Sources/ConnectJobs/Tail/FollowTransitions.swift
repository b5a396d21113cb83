extension FollowMachine {
  /// What to do after an event.
  mutating func next(
    _ event: Event, _ habits: inout ServerHabits, _ now: Instant
  ) -> Command {
    held = .keep
    switch (state, event) {
    case (_, .start), (.resting(then: .open), .rested): return begin(habits)
    case (.resting(then: .look), .rested): return look()
    case (.resting(then: .read), .rested): return catchUp(habits)
    case (.probing, .logEnded), (.probing, .stopped), (.probing, .logFailed): return open()
    case (.opening, .tailOpened): return tailOpened(&habits, now)
    case (.opening, .tailRefused(let trouble)): return tailRefused(trouble, &habits, now)
    case (.peeking, .peeked(let source, let time)): return peeked(source, time, &habits)
    case (.peeking, _): return catchUp(habits)
    case (.reading, .logEnded): return logEnded(&habits, now)
    case (.reading, .stopped): return readMore()
    case (.reading, .logFailed(let trouble)): return logFailed(trouble, now)
    case (.counting, .counted(let count)): return counted(count, habits)
    case (.checking, .stopped): return frontIsShown(true, habits)
    case (.checking, .logEnded): return frontIsShown(false, habits)
    case (.checking, .logFailed(let trouble)): return logFailed(trouble, now)
    case (.live, .stopped):
      return read(.settle, lines: seam.isUnordered || tail.isPuzzled ? Self.allLines : nil)
    case (.live, .tailEnded(let trouble)):
      endedWell = trouble == nil
      unreadable = nil
      if case .final(let failure)? = trouble { unreadable = failure }
      isTailOpen = false
      return look()
    case (.looking, .job(let status, let exitCode)): return looked(status, exitCode, habits, now)
    case (.looking, .jobFailed(let trouble)): return lookFailed(trouble, now)
    default: return fail(Failure(.internal, "A follow met an event that it did not expect."))
    }
  }

  // MARK: The tail

  private mutating func begin(_ habits: ServerHabits) -> Command {
    isTailOpen = false
    if habits.hasNoTail { return catchUp(habits) }
    guard start == .first, seam.isEmpty, !habits.replays else { return open() }
    state = .probing
    rows = 0
    before = [:]
    return .readLog(lines: Self.probeLines)
  }

  private mutating func open() -> Command {
    state = .opening
    for (source, mark) in seam.marks.enumerated() { if let mark { before[source] = mark.time } }
    isFirstTailLine = true
    return .openTail
  }

  private mutating func tailOpened(_ habits: inout ServerHabits, _ now: Instant) -> Command {
    hasAnswered = true
    habits.hasTail = true
    isTailOpen = true
    if wasOpened { reconnects += 1 }
    wasOpened = true
    if habits.replays, !needsBaseline { return goLive(isWhole: true, isJoined: false) }
    guard start == .first, seam.isEmpty, !before.isEmpty else { return catchUp(habits) }
    state = .peeking
    return .peek(milliseconds: Self.peekTime)
  }

  private mutating func tailRefused(
    _ trouble: Trouble, _ habits: inout ServerHabits, _ now: Instant
  ) -> Command {
    switch eased(trouble) {
    case .unsupported where habits.hasTail: return rest(after: trouble.failure, then: .open, now)
    case .unsupported:
      habits.hasNoTail = true
      return catchUp(habits)
    case .passing(let failure): return rest(after: failure, then: .open, now)
    // Perhaps there is no log yet, or the job has been finalized: its state tells.
    case .gone, .final: return look()
    }
  }

  private mutating func peeked(
    _ source: Int, _ time: Int64, _ habits: inout ServerHabits
  ) -> Command {
    guard let newest = before[source], time < newest else { return catchUp(habits) }
    habits.replays = true
    return goLive(isWhole: true, isJoined: false)
  }

  private mutating func goLive(isWhole: Bool, isJoined: Bool) -> Command {
    tailIsWhole = isWhole
    if isWhole, seam.isEmpty { beganWhole = true }
    tailIsJoined = isJoined && !tailHeadIsLate
    state = .live
    return .takeTail
  }

  // MARK: The log

  /// Where a follow does not begin with the first line, it must know where it begins.
  private var needsBaseline: Bool {
    switch start {
    case .now, .last: !hasBaseline
    case .first, .since: false
    }
  }

  private mutating func catchUp(_ habits: ServerHabits) -> Command {
    guard needsBaseline else { return read(.catchUp) }
    guard case .last(let count) = start else { return read(.baseline) }
    return read(.baseline, lines: min(count, Self.allLines - Self.probeLines) + Self.probeLines)
  }

  /// Where the last lines are kept, a few show that the log ends where the stream did; where the
  /// first are, only all of them do.
  private func lastLook(_ habits: ServerHabits) -> Int64 {
    guard endedWell, !seam.isEmpty else { return usualLines }
    return habits.keeping == .first ? Self.allLines : min(usualLines, Self.lastLines)
  }

  private mutating func read(
    _ purpose: Purpose, lines asked: Int64? = nil, isForced: Bool = false
  ) -> Command {
    let lines = asked ?? usualLines
    if purpose == .settle, self.purpose != .settle { settlings = 0 }
    if purpose == .baseline {
      seam = Seam()
      seam.hasUnseen = true
      firstTimes = [:]
    }
    if seam.isUnordered {
      // The marks were made by a clock that cannot be trusted.
      gapPossible = true
      repeatPossible = true
    }
    held = .discard
    self.purpose = purpose
    self.lines = lines
    self.isForced = isForced
    rows = 0
    firstRow = nil
    beganBeforeStart = []
    isStartUnseen = false
    heldRows = 0
    state = .reading
    return .readLog(lines: lines)
  }

  /// A line could not be placed, or the answer was cut at its limit: all lines, or else what there is.
  private mutating func readMore() -> Command {
    let more = lines < usualLines && !log.stepsBack ? usualLines : Self.allLines
    return read(purpose, lines: more, isForced: lines == Self.allLines && !log.stepsBack)
  }

  private mutating func logEnded(_ habits: inout ServerHabits, _ now: Instant) -> Command {
    noteSuccess()
    // One that has more lines than were asked for was not cut: the server ignores the limit.
    let isCut = Int64(rows) == lines
    let isUncapped = rows < habits.largestAnswer
    habits.largestAnswer = max(habits.largestAnswer, rows)
    noteKeeping(isCut, &habits)
    if purpose == .baseline { return baselineEnded(isCut, habits) }
    let reachesEnd = habits.keeping == .last || (!isCut && isUncapped)
    if isFrontOpen, rows > 0 {
      let hasStart = heldRows > 0 && !beganBeforeStart.isEmpty && !isStartUnseen
      if isCut, !hasStart { return read(purpose, lines: Self.allLines) }
      guard isUncapped || hasStart else {
        state = .counting
        return .countDownload(limit: rows + 1)
      }
      frontIsChecked = heldRows > 0 || !seam.isEmpty
      // What a server that keeps the first lines cut off comes after these.
      let rest = isCut && habits.keeping != .last ? read(purpose, lines: Self.allLines) : nil
      held = .deliver
      if let rest { return rest }
    } else if isCut, habits.keeping != .last {
      return read(purpose, lines: Self.allLines)
    }
    return complete(reachesEnd)
  }

  /// Whether it is still to be shown that what is delivered begins with the first line.
  private var isFrontOpen: Bool {
    switch start {
    case .first, .since:
      !frontIsChecked && (seam.isEmpty || (lines == Self.allLines && !beganWhole))
    case .now, .last: false
    }
  }

  private func noteKeeping(_ isCut: Bool, _ habits: inout ServerHabits) {
    guard lines > 1, start == .first, beganWhole || (frontIsChecked && !gapPossible),
      let row = firstRow, let first = seam.first
    else { return }
    if row != first {
      habits.keeping = .last
    } else if isCut {
      habits.keeping = .first
    }
  }

  /// The tail's lines of the first answer are where the log ended, or the last ones that are wanted.
  private mutating func baselineEnded(_ isCut: Bool, _ habits: ServerHabits) -> Command {
    let isShort = seam.marks.enumerated().contains { source, mark in
      mark.map { firstTimes[source] == $0.time } ?? false
    }
    if lines < Self.allLines, Int64(rows) >= lines, isShort {
      // It may begin in the midst of the instant at which it ends.
      return read(.baseline, lines: Self.allLines)
    }
    if isCut, habits.keeping != .last {
      guard case .last = start, lines < Self.allLines else {
        return lines < Self.allLines ? read(.baseline, lines: Self.allLines) : baselineIsKnown()
      }
      // One line more: where the answer then begins elsewhere, the last lines are kept.
      guard let before = firstRowBefore, let row = firstRow else {
        firstRowBefore = firstRow
        return read(.baseline, lines: lines + 1)
      }
      if before == row { return read(.baseline, lines: Self.allLines) }
    }
    return baselineIsKnown()
  }

  private mutating func baselineIsKnown() -> Command {
    hasBaseline = true
    frontIsChecked = true
    if seam.isEmpty { seam.hasUnseen = false }
    held = .deliver
    return complete(false)
  }

  private mutating func counted(_ count: Int?, _ habits: ServerHabits) -> Command {
    let least = purpose == .final && frontIsChecked ? seam.totals.reduce(0, +) : rows
    var count = count
    if let counted = count, counted < least {
      // The file has at least what the log had: it was cut on its way.
      recounts += 1
      if recounts < Self.mostRecounts { return .countDownload(limit: least + 1) }
      count = nil
    }
    if purpose == .final, frontIsChecked {
      if count != seam.totals.reduce(0, +) { gapPossible = true }
      return end(.finalized)
    }
    guard let count else { return frontIsShown(false, habits) }
    guard count > rows else { return frontIsShown(true, habits) }
    // Lines were written meanwhile, or the answer was cut: whether it grows tells.
    checkedRows = rows
    rows = 0
    state = .checking
    return .readLog(lines: lines)
  }

  /// Whether the answer that is held, or was given already, begins with the first line.
  private mutating func frontIsShown(_ isWhole: Bool, _ habits: ServerHabits) -> Command {
    if !isWhole {
      // Where it begins in the midst of an instant, its lines cannot be told apart either.
      gapPossible = true
      repeatPossible = true
    }
    frontIsChecked = heldRows > 0 || !seam.isEmpty
    held = .deliver
    // What came after that answer is read from the seam on.
    return complete(habits.keeping == .last)
  }

  /// The log has been read as far as it can be.
  private mutating func complete(_ reachesEnd: Bool) -> Command {
    switch purpose {
    case .catchUp, .baseline:
      return isTailOpen ? goLive(isWhole: false, isJoined: reachesEnd) : look()
    case .settle:
      settlings += 1
      state = .live
      return .takeTail
    case .final:
      guard !reachesEnd || isCountOwed, start == .first, held != .deliver else {
        return end(.finalized)
      }
      state = .counting
      frontIsChecked = true
      return .countDownload(limit: seam.totals.reduce(0, +) + 1)
    }
  }

  private mutating func logFailed(_ trouble: Trouble, _ now: Instant) -> Command {
    switch eased(trouble) {
    case .passing(let failure): return rest(after: failure, then: .open, now)
    case .gone where purpose == .baseline:
      // There is no log yet: all that will be in it comes after the start.
      seam = Seam()
      return baselineIsKnown()
    case .gone where isTailOpen || purpose == .final:
      // The job is there, its log is not yet: like an empty one, that says nothing of the tail.
      return complete(false)
    case .gone: return look()
    case .final(let failure): return fail(failure)
    case .unsupported(let failure):
      guard isTailOpen || purpose == .final else { return fail(failure) }
      // Nothing tells what came before the tail.
      gapPossible = true
      frontIsChecked = true
      if purpose == .final { return end(.finalized) }
      hasBaseline = true
      settlings = Self.mostSettlings
      return goLive(isWhole: false, isJoined: true)
    }
  }

  // MARK: The job

  private mutating func look() -> Command {
    state = .looking
    return .lookAtJob
  }

  private mutating func looked(
    _ status: Int64, _ exitCode: Int64?, _ habits: ServerHabits, _ now: Instant
  ) -> Command {
    noteSuccess()
    fruitless += 1
    if status != JobStatus.finalized, let unreadable, fruitless > Self.mostUnreadable {
      return fail(unreadable)
    }
    switch status {
    case JobStatus.finalized:
      self.exitCode = exitCode
      return read(.final, lines: lastLook(habits))
    case JobStatus.finished:
      return rest(pace(from: 100), then: .look)
    default:
      return rest(pace(from: 250), then: habits.hasNoTail ? .read : .open)
    }
  }

  private mutating func lookFailed(_ trouble: Trouble, _ now: Instant) -> Command {
    switch eased(trouble) {
    case .passing(let failure): return rest(after: failure, then: .look, now)
    // The job was seen before: what stands between does not know the address for a while.
    case .unsupported(let failure) where hasAnswered:
      return rest(after: failure, then: .look, now)
    case .gone(let failure), .unsupported(let failure), .final(let failure): return fail(failure)
    }
  }

  // MARK: Trouble and ends

  /// What a server that has answered before refuses at the door may pass: a handshake that is cut, a
  /// status of something between.
  private func eased(_ trouble: Trouble) -> Trouble {
    guard hasAnswered, case .final(let failure) = trouble,
      failure.status == .tls || failure.status == .http
    else { return trouble }
    return .passing(failure)
  }

  private mutating func noteSuccess() {
    hasAnswered = true
    troubleSince = nil
    troubles = 0
  }

  /// Half to all of a time that grows with each turn that brought no line.
  private mutating func pace(from first: Int64) -> Int64 {
    backoff(first, fruitless, longest: 2_000)
  }

  private mutating func rest(_ milliseconds: Int64, then next: Next) -> Command {
    held = .discard
    isTailOpen = false
    state = .resting(then: next)
    return .rest(milliseconds: milliseconds)
  }

  private mutating func rest(after failure: Failure, then next: Next, _ now: Instant) -> Command {
    let since = troubleSince ?? now
    troubleSince = since
    troubles += 1
    guard now - since < budget else { return fail(failure) }
    return rest(backoff(250, troubles, longest: 10_000), then: next)
  }

  private mutating func backoff(_ first: Int64, _ turn: Int, longest: Int64) -> Int64 {
    let full = min(longest, first << min(max(0, turn - 1), 10))
    return full / 2 + Int64(random.next() % UInt64(full / 2 + 1))
  }

  private mutating func fail(_ failure: Failure) -> Command {
    self.failure = failure
    return end(.lost)
  }

  private mutating func end(_ reason: EndReason) -> Command {
    state = .ended
    return .end(reason)
  }
}
