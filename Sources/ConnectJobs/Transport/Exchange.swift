import CCurl

/// A request until its answer or its failure, over as many attempts as the retry policy allows.
///
///     ready(at)  --start-->      running
///     running    --answered-->   done
///     running    --redirected--> ready(now), at the new address of the same origin
///     running    --trouble-->    ready(later), or done with the failure
///
/// The state changes here; the loop that waits is ``Client/perform(_:atOnce:_:)``.
final class Exchange {
  enum State {
    case ready(at: Instant)
    case running(Transfer)
    /// Indirect: else the cases are told apart by bits of the failure's last byte, of which the others
    /// leave the rest unset, and valgrind cannot know that it does not matter.
    indirect case done(Result<ResponseHead, Failure>)
  }

  private(set) var request: Request
  let sink: any BodySink
  private(set) var state = State.ready(at: .now)
  private var failedAttempts = 0
  private var redirects = 0
  private let deadline: Instant?
  /// The address that was asked for at first.
  private let firstURL: String

  /// Rung when its transfer moves.
  var bell: Bell?

  private let idleTimeout: Int64?
  private let maxRetries: Int

  private static let mostRedirects = 5

  /// - Parameters:
  ///   - isPatient: the answer may take for ever, and be silent: a tail.
  ///   - maxRetries: where the caller has another limit than the configuration.
  init(
    _ request: Request, _ sink: any BodySink, _ configuration: Configuration,
    isPatient: Bool = false, maxRetries: Int? = nil
  ) {
    self.request = request
    self.sink = sink
    self.maxRetries = maxRetries ?? configuration.maxRetries
    deadline = isPatient ? nil : configuration.requestTimeout.map { .now + $0 }
    idleTimeout = isPatient ? nil : configuration.idleTimeout
    firstURL = request.url
  }

  /// Lets go of the request, if it is under way.
  func abandon(_ reactor: Reactor) {
    if case .running(let transfer) = state { reactor.remove(transfer) }
    state = .done(.failure(Call.cancelled))
  }

  /// The attempt that is under way.
  var transfer: Transfer? {
    if case .running(let transfer) = state { transfer } else { nil }
  }

  func start(_ session: Session, _ reactor: Reactor) throws(Failure) {
    let transfer = try Transfer(request, sink, session)
    transfer.bell = bell
    try reactor.add(transfer)
    state = .running(transfer)
  }

  /// Takes note of a transfer that has ended, and of the timeouts.
  func advance(_ session: Session, _ reactor: Reactor, _ now: Instant) {
    guard case .running(let transfer) = state else {
      if case .ready = state, let failure = overdue(now) { finish(.failure(failure)) }
      return
    }
    if let code = transfer.result {
      reactor.remove(transfer)
      settle(transfer, code, session, now)
    } else if let failure = overdue(now) ?? stalled(transfer, now) {
      reactor.remove(transfer)
      finish(.failure(failure))
    }
  }

  /// When `advance` is due although nothing has happened.
  var nextDue: Instant? {
    switch state {
    case .ready(let at): return deadline.map { min(at, $0) } ?? at
    case .running(let transfer):
      if transfer.result != nil { return transfer.lastByte }
      let stall = transfer.isPaused ? nil : idleTimeout.map { transfer.lastByte + $0 }
      guard let deadline else { return stall }
      return stall.map { min($0, deadline) } ?? deadline
    case .done: return nil
    }
  }

  // MARK: Ends

  private func settle(_ transfer: Transfer, _ code: CURLcode, _ session: Session, _ now: Instant) {
    session.noteDeprecation(transfer.head, of: request.url)
    logAnswer(transfer, code, session.configuration)
    if let failure = sink.failure {
      finish(.failure(failure))
    } else if code == CURLE_OK || transfer.head.isRefusal {
      settleAnswer(transfer, session.configuration, now)
    } else {
      retryOrFail(Diagnosis(broken: transfer, code), session.configuration, now)
    }
  }

  private func logAnswer(_ transfer: Transfer, _ code: CURLcode, _ configuration: Configuration) {
    guard let log = configuration.log else { return }
    let method = request.method == .get ? "GET" : "DELETE"
    let end = code == CURLE_OK ? "" : ", \(transfer.curl.describe(code))"
    let line = "\(method) \(request.url): HTTP \(transfer.head.status)\(end)"
    log.log(.debug, line.hiding(configuration.apiKey))
  }

  private func settleAnswer(
    _ transfer: Transfer, _ configuration: Configuration, _ now: Instant
  ) {
    let head = transfer.head
    if head.isSuccess {
      do throws(Failure) {
        try sink.end(head)
        finish(.success(head))
      } catch {
        finish(.failure(error))
      }
    } else if !followRedirect(head, now) {
      retryOrFail(
        Diagnosis(
          refused: head, transfer.errorBody, url: request.url, hiding: configuration.apiKey),
        configuration, now)
    }
  }

  /// Only a read, and only within the origin that the key belongs to.
  private func followRedirect(_ head: ResponseHead, _ now: Instant) -> Bool {
    guard head.isRedirect, request.method == .get, redirects < Self.mostRedirects,
      let target = head.redirect, Address.origin(of: target) == Address.origin(of: firstURL)
    else { return false }
    redirects += 1
    request.url = target
    state = .ready(at: now)
    return true
  }

  private func retryOrFail(
    _ diagnosis: Diagnosis, _ configuration: Configuration, _ now: Instant
  ) {
    failedAttempts += 1
    let delay = RetryPolicy(maxRetries: maxRetries).delay(
      after: diagnosis.trouble, attempt: failedAttempts, isRead: request.method == .get,
      jitter: .random(in: 0...1))
    guard let delay, sink.restart() else {
      finish(.failure(diagnosis.failure))
      return
    }
    configuration.log?.log(
      .debug,
      "\(diagnosis.failure.redacting(configuration.apiKey).message) Trying again in \(delay) ms.")
    state = .ready(at: now + delay)
  }

  private func finish(_ result: Result<ResponseHead, Failure>) {
    state = .done(
      result.mapError { failure in
        var known = failure
        if known.url.isEmpty { known.url = request.url }
        return known
      })
  }

  private func overdue(_ now: Instant) -> Failure? {
    guard let deadline, now >= deadline else { return nil }
    return timedOut("The request took longer than request_timeout_ms allows.")
  }

  private func stalled(_ transfer: Transfer, _ now: Instant) -> Failure? {
    // One that the reader holds back is not the server's fault.
    guard let limit = idleTimeout, !transfer.isPaused, now - transfer.lastByte >= limit else {
      return nil
    }
    return timedOut("No byte came for \(limit) ms.")
  }

  private func timedOut(_ what: String) -> Failure {
    var failure = Failure(.timedOut, "\(what) Check the VPN and the proxy, or raise the timeout.")
    failure.isRetryable = true
    return failure
  }
}
