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
    case (.probing, .logEnded):
      probe.isCut = rows >= Self.probeLines
      return open()
    case (.probing, .stopped), (.probing, .logFailed):
      probe.isCut = true
      return open()
    case (.opening, .tailOpened): return tailOpened(&habits, now)
    case (.opening, .tailRefused(let trouble)): return tailRefused(trouble, &habits, now)
    case (.peeking, .peeked(let source, let time)): return peeked(source, time, habits)
    case (.peeking, _): return catchUp(habits)
    case (.reading, .logEnded): return logEnded(&habits, now)
    case (.reading, .stopped): return wantsFilling ? fill() : readMore()
    case (.reading, .logFailed(let trouble)): return logFailed(trouble, now)
    case (.counting, .counted(let count)): return counted(count, habits)
    case (.checking, .stopped): return frontIsShown(true, habits)
    case (.checking, .logEnded): return frontIsShown(false, habits)
    case (.checking, .logFailed(let trouble)): return logFailed(trouble, now)
    case (.filling, .logEnded), (.filling, .stopped): return filled(habits)
    case (.filling, .logFailed(let trouble)): return fillingFailed(trouble, habits, now)
    case (.live, .stopped) where wantsFilling: return fill()
    case (.live, .stopped):
      return read(.settle, lines: seam.isUnordered || tail.isPuzzled ? Self.allLines : nil)
    case (.live, .tailEnded(let trouble)):
      endedWell = trouble == nil
      unreadable = nil
      if case .final(let failure)? = trouble { unreadable = failure }
      isTailOpen = false
      if isProbeOwed { isCountOwed = true }
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
    guard start == .first, seam.isEmpty, !habits.replays, !isByNumber else { return open() }
    state = .probing
    rows = 0
    probe = Probe()
    return .readLog(lines: Self.probeLines)
  }

  private mutating func open() -> Command {
    state = .opening
    isFirstTailLine = true
    marksAtOpening = seam.marks
    isReplaySuspected = false
    isProbeOwed = false
    return .openTail
  }

  private mutating func tailOpened(_ habits: inout ServerHabits, _ now: Instant) -> Command {
    hasAnswered = true
    habits.hasTail = true
    isTailOpen = true
    if wasOpened { reconnects += 1 }
    wasOpened = true
    if isByNumber { return fill(.catchUp) }
    if habits.replays, !needsBaseline { return goLive(isWhole: true, isJoined: false) }
    guard start == .first, seam.isEmpty, !probe.isPassed else { return catchUp(habits) }
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
    _ source: Int, _ time: Int64, _ habits: ServerHabits
  ) -> Command {
    guard probe.isReplayed(from: source, time) else { return catchUp(habits) }
    isProbeOwed = true
    return goLive(isWhole: true, isJoined: false)
  }

  mutating func goLive(isWhole: Bool, isJoined: Bool) -> Command {
    tailIsWhole = isWhole
    if isWhole, seam.isEmpty { beganWhole = true }
    tailIsJoined = isJoined && !tailHeadIsLate
    state = .live
    return .takeTail
  }

  // MARK: The job

  mutating func look() -> Command {
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
      if isByNumber { return fill(.final) }
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
  func eased(_ trouble: Trouble) -> Trouble {
    guard hasAnswered, case .final(let failure) = trouble,
      failure.status == .tls || failure.status == .http
    else { return trouble }
    return .passing(failure)
  }

  mutating func noteSuccess() {
    hasAnswered = true
    troubleSince = nil
    troubles = 0
  }

  /// Half to all of a time that grows with each turn that brought no line.
  private mutating func pace(from first: Int64) -> Int64 {
    backoff(first, fruitless, longest: 2_000)
  }

  mutating func rest(_ milliseconds: Int64, then next: Next) -> Command {
    held = .discard
    isTailOpen = false
    state = .resting(then: next)
    return .rest(milliseconds: milliseconds)
  }

  mutating func rest(after failure: Failure, then next: Next, _ now: Instant) -> Command {
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

  mutating func fail(_ failure: Failure) -> Command {
    self.failure = failure
    return end(.lost)
  }

  mutating func end(_ reason: EndReason) -> Command {
    state = .ended
    return .end(reason)
  }
}
