/// The readings of the log: what each answer shows, and what is read next.
extension FollowMachine {
  /// Where a follow does not begin with the first line, it must know where it begins.
  var needsBaseline: Bool {
    switch start {
    case .now, .last: !hasBaseline
    case .first, .since: false
    }
  }

  mutating func catchUp(_ habits: ServerHabits) -> Command {
    if isByNumber { return fill(.catchUp) }
    guard needsBaseline else {
      // Most of the time little or nothing was missed.
      let isLittle = !seam.isEmpty && habits.keeping == .last
      return read(.catchUp, lines: isLittle ? min(usualLines, Self.lastLines) : nil)
    }
    guard case .last(let count) = start else { return read(.baseline) }
    return read(.baseline, lines: min(count, Self.allLines - Self.probeLines) + Self.probeLines)
  }

  /// Where the last lines are kept, a few show that the log ends where the stream did; where the
  /// first are, only all of them do.
  func lastLook(_ habits: ServerHabits) -> Int64 {
    guard endedWell, !seam.isEmpty else { return usualLines }
    return habits.keeping == .first ? Self.allLines : min(usualLines, Self.lastLines)
  }

  mutating func read(
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
  mutating func readMore() -> Command {
    let more = lines < usualLines && !log.stepsBack ? usualLines : Self.allLines
    return read(purpose, lines: more, isForced: lines == Self.allLines && !log.stepsBack)
  }

  mutating func logEnded(_ habits: inout ServerHabits, _ now: Instant) -> Command {
    noteSuccess()
    // One that has more lines than were asked for was not cut: the server ignores the limit.
    let isCut = Int64(rows) == lines && !answersAreWhole
    let isUncapped = rows < habits.largestAnswer || answersAreWhole
    habits.largestAnswer = max(habits.largestAnswer, rows)
    noteKeeping(isCut, &habits)
    if purpose == .baseline { return baselineEnded(isCut, habits) }
    let reachesEnd = habits.keeping == .last || (!isCut && isUncapped)
    if reachesEnd, rows > 0, log.endsBeforeMark {
      seam.isUnordered = true
      return read(purpose, lines: Self.allLines)
    }
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
    if lines < Self.allLines, Int64(rows) >= lines, isShort, !answersAreWhole {
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
    if seam.isEmpty || answersAreWhole { seam.hasUnseen = false }
    held = .deliver
    return complete(false)
  }

  mutating func counted(_ count: Int?, _ habits: ServerHabits) -> Command {
    let least = purpose == .final && frontIsChecked ? seam.totals.reduce(0, +) : rows
    var count = count
    if let counted = count, counted < least {
      // The file has at least what the log had: it was cut on its way.
      recounts += 1
      if recounts < Self.mostRecounts { return .countDownload(limit: least + 1) }
      count = nil
    }
    if purpose == .final, frontIsChecked {
      if count != seam.totals.reduce(0, +) {
        if canFill { return fill() }
        gapPossible = true
      }
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
  mutating func frontIsShown(_ isWhole: Bool, _ habits: ServerHabits) -> Command {
    if !isWhole {
      if canFill { return fill() }
      noteGap()
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

  mutating func logFailed(_ trouble: Trouble, _ now: Instant) -> Command {
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
}
