/// Follows one job.
///
///     streaming --the stream ended--> looking
///     looking   --finalized-->        ended(finalized)
///     looking   --finished-->         resting, then looking again
///     looking   --active-->           ended(lost): the stream was cut
///     any       --failure-->          ended(lost)
///     any       --cancel-->           ended(cancelled)
final class Follower {
  enum State {
    case streaming(Exchange)
    case looking(Exchange, TableBuilder)
    case resting(until: Instant)
    case ended(EndReason, Failure?)
  }

  let job: JobName
  private let sink: EntrySink
  private let client: Client
  private let call: Call
  private var state: State
  private var pace = PollingPace()
  private let budget: Int64
  private var lookingSince: Instant?
  private(set) var entries: Int64 = 0
  private(set) var bytes: Int64 = 0
  private(set) var exitCode: Int64?

  init(_ job: JobName, _ options: TailOptions, _ client: Client, _ call: Call) throws(Failure) {
    self.job = job
    self.client = client
    self.call = call
    budget = options.budget
    sink = EntrySink(job, options, call, client.configuration)
    var request = Request(url: client.url(try client.path(job)) + "/tail")
    request.allowsCompression = false
    request.usesHTTP1 = true
    request.bufferSize = 64 * 1024
    // A job may be silent for hours; how long is not a request's timeout.
    state = .streaming(Exchange(request, sink, client.configuration, isPatient: true))
  }

  var end: (reason: EndReason, failure: Failure?)? {
    guard case .ended(let reason, let failure) = state else { return nil }
    return (reason, failure)
  }

  var waitingRows: Int { sink.rows }

  func takeBatch() throws(Failure) -> Table {
    let table = try sink.takeBatch()
    entries += Int64(table.rows)
    bytes += Int64(table["data"]?.values.count ?? 0)
    if case .streaming(let exchange) = state, case .running(let transfer) = exchange.state {
      transfer.resume()
    }
    return table
  }

  func cancel() {
    if end == nil { state = .ended(.cancelled, nil) }
  }

  /// Takes the steps that are due.
  func advance(_ session: Session, _ reactor: Reactor, _ now: Instant) throws(Failure) {
    switch state {
    case .streaming(let exchange):
      guard let result = try step(exchange, session, reactor, now) else { return }
      streamEnded(result, now)
      try advance(session, reactor, now)
    case .looking(let exchange, let row):
      guard let result = try step(exchange, session, reactor, now) else { return }
      try looked(result, row, now)
    case .resting(let until):
      guard now >= until else { return }
      look()
      try advance(session, reactor, now)
    case .ended: break
    }
  }

  /// When `advance` is due although nothing has happened; `nil`: not.
  func nextDue() -> Instant? {
    switch state {
    case .streaming(let exchange), .looking(let exchange, _):
      exchange.nextDue
    case .resting(let until): until
    case .ended: nil
    }
  }

  // MARK: Steps

  private func step(
    _ exchange: Exchange, _ session: Session, _ reactor: Reactor, _ now: Instant
  ) throws(Failure) -> Result<ResponseHead, Failure>? {
    exchange.advance(session, reactor, now)
    switch exchange.state {
    case .done(let result): return result
    case .ready(let at):
      if at <= now { try exchange.start(session, reactor) }
      return nil
    case .running: return nil
    }
  }

  private func streamEnded(_ result: Result<ResponseHead, Failure>, _ now: Instant) {
    switch result {
    case .success:
      lookingSince = now
      look()
    case .failure(let failure): state = .ended(.lost, failure)
    }
  }

  private func look() {
    let row = TableBuilder(Schemas.job)
    let sink = RecordSink(row, .object, call, client.configuration)
    do throws(Failure) {
      let request = Request(url: client.url(try client.path(job)))
      state = .looking(Exchange(request, sink, client.configuration), row)
    } catch {
      state = .ended(.lost, error)
    }
  }

  private func looked(
    _ result: Result<ResponseHead, Failure>, _ row: TableBuilder, _ now: Instant
  ) throws(Failure) {
    guard case .success = result else {
      if case .failure(let failure) = result { state = .ended(.lost, failure) }
      return
    }
    let job = try row.finish()
    switch job.integer("status", 0) {
    case JobStatus.finalized:
      exitCode = job.integer("exit_code", 0)
      state = .ended(.finalized, nil)
    case JobStatus.finished where now - (lookingSince ?? now) < budget:
      state = .resting(until: now + pace.next())
    default:
      var failure = Failure(
        .network,
        "The stream ended although the job goes on: the server, or a proxy between, closed it. "
          + "Follow the job again.")
      failure.isRetryable = true
      state = .ended(.lost, failure)
    }
  }
}
