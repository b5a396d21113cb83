/// The requests that a follow makes, and what becomes of them.
extension Follower {
  /// A tail that says nothing at all for so long is taken for accepted: some servers send the head
  /// of an answer together with the first line only.
  private static let silentHead: Int64 = 1_000

  func perform(
    _ command: FollowMachine.Command, _ session: Session, _ reactor: Reactor, _ now: Instant
  ) throws(Failure) {
    switch command {
    case .openTail:
      closeTail(reactor)
      tail = try openTail()
      wait = .tailHead(until: now + Self.silentHead)
    case .peek(let milliseconds): wait = .tailLine(until: now + milliseconds)
    case .readLog(let lines):
      try readLog(lines, session)
      wait = .logRows
    case .countDownload(let limit):
      let lines = LineCounter(limit: limit)
      let request = Request(url: client.url(try client.path(job)) + "/download")
      counter = (Exchange(request, lines, client.configuration), lines)
      wait = .count
    case .readDownload:
      try readDownload()
      wait = .downloadRows
    case .takeTail:
      machine.tailIsTaken()
      wait = .tailRows
    case .lookAtJob:
      closeTail(reactor)
      look = try lookAtJob(session)
      wait = .look
    case .rest(let milliseconds):
      abandonAll(reactor)
      wait = .rest(until: now + milliseconds)
    case .end(let reason): finish(reason, reactor)
    }
    try startRequests(session, reactor)
  }

  private func openTail() throws(Failure) -> (exchange: Exchange, sink: EntrySink) {
    let sink = EntrySink(
      job, .tail, rows: 1, bytes: options.bytes, call, client.configuration)
    var request = Request(url: client.url(try client.path(job)) + "/tail")
    request.allowsCompression = false
    request.usesHTTP1 = true
    request.bufferSize = options.bufferSize
    let exchange = Exchange(
      request, sink, client.configuration, isPatient: true, maxRetries: 0)
    machine.tailHeadIsLate = false
    return (exchange, sink)
  }

  private func readLog(_ lines: Int64, _ session: Session) throws(Failure) {
    if session.api == .unversioned { return try readOldLog() }
    log = try logRequest(.log, client.path(job) + "/log?maxLogLines=\(lines)")
  }

  /// Of a server before the Jobs API: all of the log.
  private func readOldLog() throws(Failure) {
    machine.answersAreWhole = true
    log = try logRequest(.oldJob, client.oldPath(job))
  }

  func logRequest(
    _ kind: EntrySink.Kind, _ path: String
  ) throws(Failure) -> (exchange: Exchange, sink: EntrySink) {
    let sink = EntrySink(
      job, kind, rows: options.rows, bytes: options.bytes, call, client.configuration)
    var request = Request(url: client.url(path))
    request.usesHTTP1 = true
    // What a small piece is decompressed to stays small while the reader holds it back.
    request.bufferSize = 16 * 1024
    return (Exchange(request, sink, client.configuration, maxRetries: 0), sink)
  }

  /// An older server gives all of the log with the job itself: there, its jobs are asked for.
  private func lookAtJob(_ session: Session) throws(Failure) -> (Exchange, TableBuilder) {
    let isOld = session.api == .unversioned
    let row = TableBuilder(isOld ? OldJobs.fields : Schemas.job)
    let sink = RecordSink(row, isOld ? .array : .object, call, client.configuration)
    let path = isOld ? try client.oldPath(job.guid) : try client.path(job)
    let exchange = Exchange(
      Request(url: client.url(path)), sink, client.configuration, maxRetries: 0)
    return (exchange, row)
  }

  // MARK: Driving

  private var exchanges: [Exchange] {
    [tail?.exchange, log?.exchange, look?.exchange, counter?.exchange].compactMap { $0 }
  }

  func startRequests(_ session: Session, _ reactor: Reactor) throws(Failure) {
    for exchange in exchanges {
      exchange.bell = bell
      if case .ready(let at) = exchange.state, at <= .now { try exchange.start(session, reactor) }
    }
  }

  func advanceRequests(_ session: Session, _ reactor: Reactor, _ now: Instant) {
    for exchange in exchanges {
      exchange.advance(session, reactor, now)
      guard case .ready(let at) = exchange.state, at <= now else { continue }
      // A request that cannot even be started is seen by its missing answer, at the next turn.
      try? exchange.start(session, reactor)
    }
  }

  func closeTail(_ reactor: Reactor) {
    tail?.exchange.abandon(reactor)
    tail = nil
    forgetTailLines()
  }

  func abandonAll(_ reactor: Reactor) {
    for exchange in exchanges { exchange.abandon(reactor) }
    tail = nil
    log = nil
    look = nil
    counter = nil
    forgetTailLines()
  }

  // MARK: Answers

  func tailHead(_ until: Instant, _ now: Instant) -> FollowMachine.Event? {
    guard let tail else { return nil }
    if case .done(.failure(let failure)) = tail.exchange.state {
      // One that was accepted, and broke before it was taken up, is like one that ended.
      return .tailRefused(Trouble(failure))
    }
    if case .done = tail.exchange.state { return .tailOpened }
    if tail.exchange.transfer?.head.isSuccess == true { return .tailOpened }
    guard now >= until else { return nil }
    machine.tailHeadIsLate = true
    return .tailOpened
  }

  func tailLine(_ until: Instant, _ now: Instant) throws(Failure) -> FollowMachine.Event? {
    guard let tail else { return .peekedNothing }
    if let first = try firstTailLine() { return .peeked(source: first.source, time: first.time) }
    if case .done = tail.exchange.state { return .peekedNothing }
    return now >= until ? .peekedNothing : nil
  }

  func counted(_ reactor: Reactor) -> FollowMachine.Event? {
    guard let counter, case .done(let result) = counter.exchange.state else { return nil }
    self.counter = nil
    if counter.lines.isOver { return .counted(counter.lines.count) }
    if case .failure(let failure) = result {
      // What was cut has fewer lines than it should; what is refused has no number at all.
      if case .passing = Trouble(failure) { return .counted(0) }
      return .counted(nil)
    }
    return .counted(counter.lines.count)
  }

  func looked() throws(Failure) -> FollowMachine.Event? {
    guard let look, case .done(let result) = look.exchange.state else { return nil }
    self.look = nil
    switch result {
    case .failure(let failure): return .jobFailed(Trouble(failure))
    case .success:
      guard let row = try lookedRow(look.row) else {
        return .jobFailed(
          .gone(Failure(.notFound, "The content item has no such job any more. Check the key.")))
      }
      lastRow = row
      // A server that tells no status is asked again: it is taken for active.
      return .job(
        status: row.integer("status", 0) ?? JobStatus.active,
        exitCode: row.integer("exit_code", 0))
    }
  }

  private func lookedRow(_ answer: TableBuilder) throws(Failure) -> Table? {
    guard answer.index("finalized") != nil else { return try answer.finish() }
    let jobs = try OldJobs.jobs(try answer.finish())
    return (0..<jobs.rows).first { jobs.string("key", $0) == job.key }.flatMap { jobs.slice($0, 1) }
  }

  /// What a reading of the log ended with; `nil`: the older endpoint is tried now.
  func logEnded(
    _ result: Result<ResponseHead, Failure>, _ shared: HabitsBox, _ reactor: Reactor
  ) throws(Failure) -> FollowMachine.Event? {
    let session = try client.session()
    switch result {
    case .success:
      session.note(machine.answersAreWhole ? .unversioned : .jobs)
      if machine.answersAreWhole { shared.habits.hasNoTail = true }
      return .logEnded
    case .failure(let failure):
      guard failure.status == .unsupported, session.api == nil else {
        return .logFailed(Trouble(failure))
      }
      guard !machine.answersAreWhole else {
        machine.answersAreWhole = false
        return .logFailed(Trouble(failure))
      }
      try readOldLog()
      try startRequests(session, reactor)
      return nil
    }
  }
}
