import CPosix
import Glibc

/// A follow of jobs: a pull. All work is done inside `next`, on its caller's thread.
package final class Tail: @unchecked Sendable {
  package enum Step {
    case batch(Table)
    case timeout
    case done
  }

  private let client: Client
  private let session: Session
  private let reactor: Reactor
  private let followers: [Follower]
  private var call: Call
  /// Signalled by `cancel`, which any thread or signal handler may call.
  private let ownToken: CancelToken
  private let mutex: OpaquePointer
  /// Whose turn it is to give a batch: each job in turn.
  private var turn = 0
  private var last: Result<Step, Failure>?

  /// How long a batch is filled up while more is there at once, in milliseconds.
  private static let fillTime: Int64 = 4

  /// Nothing is sent before the first `next`.
  package init(
    _ jobs: [JobName], _ options: TailOptions, _ client: Client, _ callOptions: CallOptions
  ) throws(Failure) {
    do throws(Failure) {
      guard options.start == .first else {
        throw Failure(
          .unsupported,
          "This version follows from the first line only. Give CJOBS_START_FIRST, and leave out "
            + "the entries that are not wanted.")
      }
      var untimed = callOptions
      untimed.timeout = 0
      let configuration = client.configuration
      var call = Call("tail_next", untimed, of: configuration)
      call.limitsOnly(callOptions.maxResponseBytes)
      var followers: [Follower] = []
      for job in jobs { followers.append(try Follower(job, options, client, call)) }
      guard let token = CancelToken(), let mutex = cposix_mutex_new() else { throw .noMemory }
      self.client = client
      self.call = call
      self.followers = followers
      self.mutex = mutex
      ownToken = token
      session = try client.session()
      reactor = try Reactor(session.curl)
      reactor.watch(token)
      if let shared = callOptions.cancel { reactor.watch(shared) }
    } catch {
      throw error.during("tail_open").redacting(client.configuration.apiKey)
    }
  }

  deinit { cposix_mutex_free(mutex) }

  /// Readable when `next` has something to do; `nil` in a forked child.
  package var descriptor: CInt? { reactor.isInherited ? nil : reactor.epoll }

  /// Safe in a signal handler: a flag and a write.
  package func cancel() { cposix_cancel_signal(ownToken.raw) }

  /// The next entries.
  ///
  /// - Parameter timeout: milliseconds; 0 does not wait, negative waits for ever.
  package func next(timeout: Int64) throws(Failure) -> Step {
    do throws(Failure) {
      return try alone { () throws(Failure) in
        let step = try nextStep(timeout)
        reactor.arm(nextDueOutside)
        return step
      }
    } catch {
      throw error.during("tail_next").redacting(client.configuration.apiKey)
    }
  }

  /// A row a job.
  package func summary() throws(Failure) -> Table {
    do throws(Failure) {
      return try alone { () throws(Failure) in
        try TailSummary.table(followers, client.configuration)
      }
    } catch {
      throw error.during("tail_summary")
    }
  }

  // MARK: Steps

  private func alone<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    guard !reactor.isInherited else {
      throw Failure(
        .forked,
        "This tail was opened before the process was forked. Close it and open one in the child.")
    }
    guard cposix_mutex_try_lock(mutex) else {
      throw Failure(
        .busy, "Another thread is using this tail. Use it from one thread at a time.")
    }
    defer { cposix_mutex_unlock(mutex) }
    return try body()
  }

  private func nextStep(_ timeout: Int64) throws(Failure) -> Step {
    if let last { return try last.get() }
    reactor.arm(nil)
    let deadline: Instant? = timeout < 0 ? nil : .now + timeout
    while true {
      let now = Instant.now
      try checkCancelled(now)
      for follower in followers { try follower.advance(session, reactor, now) }
      if let batch = try takeBatch(now) { return .batch(batch) }
      if followers.allSatisfy({ $0.end != nil }) { return try finish() }
      // At a timeout of 0 one turn is taken all the same: it does what is there to do.
      let wait = deadline.map { max(0, $0 - now) } ?? 60_000
      let due = nextDue.map { max(0, $0 - now) } ?? wait
      _ = try reactor.turn(call.longestWait(now, min(wait, due)))
      if wait == 0, waiting == nil { return try lookOnce(now) }
    }
  }

  /// After the last turn within the timeout: what that turn brought.
  private func lookOnce(_ now: Instant) throws(Failure) -> Step {
    for follower in followers { try follower.advance(session, reactor, .now) }
    if let batch = try takeBatch(now) { return .batch(batch) }
    if followers.allSatisfy({ $0.end != nil }) { return try finish() }
    return .timeout
  }

  private func checkCancelled(_ now: Instant) throws(Failure) {
    if ownToken.isSignalled { try endCancelled() }
    do throws(Failure) {
      try call.check(now)
    } catch {
      guard error.status == .cancelled else { throw error }
      try endCancelled()
    }
  }

  private func endCancelled() throws(Failure) {
    for follower in followers { follower.cancel() }
    reactor.removeAll()
    let failure = Failure(.cancelled, "The tail was cancelled.")
    last = .failure(failure)
    throw failure
  }

  private func finish() throws(Failure) -> Step {
    let failures = followers.compactMap { $0.end?.failure }
    if failures.count == followers.count, let first = failures.first {
      last = .failure(first)
    } else {
      last = .success(.done)
    }
    return try last?.get() ?? .done
  }

  // MARK: Batches

  /// The follower whose rows are next.
  private var waiting: Follower? {
    for offset in followers.indices {
      let follower = followers[(turn + offset) % followers.count]
      if follower.waitingRows > 0 { return follower }
    }
    return nil
  }

  private func takeBatch(_ start: Instant) throws(Failure) -> Table? {
    guard waiting != nil else { return nil }
    try fill(until: start + Self.fillTime)
    guard let follower = waiting else { return nil }
    turn = (turn + 1) % followers.count
    return try follower.takeBatch()
  }

  /// While more comes without waiting, takes it along: a batch is cheaper than its parts.
  private func fill(until end: Instant) throws(Failure) {
    var rows = -1
    while true {
      let now = followers.reduce(0) { $0 + $1.waitingRows }
      guard now > rows, Instant.now < end else { return }
      rows = now
      _ = try reactor.turn(0)
    }
  }

  private var nextDue: Instant? {
    var due: Instant?
    for follower in followers {
      guard let next = follower.nextDue() else { continue }
      due = due.map { min($0, next) } ?? next
    }
    return due
  }

  /// When a host that waits on the descriptor must call although no socket is readable.
  private var nextDueOutside: Instant? {
    if last == nil, waiting != nil || followers.allSatisfy({ $0.end != nil }) { return .now }
    var due = nextDue
    if let timer = reactor.nextTurn { due = due.map { min($0, timer) } ?? timer }
    return due
  }
}
