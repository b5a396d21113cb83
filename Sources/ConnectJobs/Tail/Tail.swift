import CPosix
import Glibc

/// A follow of jobs: a pull. All work is done inside `next`, on its caller's thread.
package final class Tail: @unchecked Sendable {
  package enum Step {
    case batch(Table)
    case timeout
    case done
  }

  /// What to follow: one job, or, without a key, all jobs of a content item.
  package struct Target: Sendable {
    let guid: String
    let key: String?

    package init(guid: String, key: String?) {
      self.guid = guid
      self.key = key
    }
  }

  private let client: Client
  private let session: Session
  private let reactor: Reactor
  private let options: TailOptions
  private let roster = Roster()
  private var discoveries: [Discovery] = []
  private let habits = HabitsBox()
  private var call: Call
  /// Signalled by `cancel`, which any thread or signal handler may call.
  private let ownToken: CancelToken
  private let mutex: OpaquePointer
  private var last: Result<Step, Failure>?
  private var isHandedOver = false

  /// How long a batch is filled up while more is there at once, in milliseconds.
  private static let fillTime: Int64 = 4
  /// Above so many jobs each one's receive buffer is small.
  private static let fewJobs = 16

  /// Nothing is sent before the first `next`.
  package init(
    _ targets: [Target], _ options: TailOptions, _ client: Client, _ callOptions: CallOptions
  ) throws(Failure) {
    do throws(Failure) {
      var options = options
      options.bufferSize = targets.count > Self.fewJobs ? 16 * 1024 : 1024 * 1024
      var untimed = callOptions
      untimed.timeout = 0
      var call = Call("tail_next", untimed, of: client.configuration)
      call.limitsOnly(callOptions.maxResponseBytes)
      guard let token = CancelToken(), let mutex = cposix_mutex_new() else { throw .noMemory }
      self.client = client
      self.call = call
      self.options = options
      self.mutex = mutex
      ownToken = token
      session = try client.session()
      reactor = try Reactor(session.curl)
      reactor.watch(token)
      if let shared = callOptions.cancel { reactor.watch(shared) }
      for target in targets { try add(target) }
    } catch {
      throw error.during("tail_open").redacting(client.configuration.apiKey)
    }
  }

  private func add(_ target: Target) throws(Failure) {
    if let key = target.key {
      let job = JobName(guid: target.guid, key: key)
      roster.add(try Follower(job, options, client, call))
    } else {
      discoveries.append(try Discovery(target.guid, options, client, call))
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
    try next(timeout, asNewOwner: false)
  }

  // MARK: A new owner

  /// Leaves `next` to a new owner; the others are told `closed` from now on.
  package func handOver() throws(Failure) {
    try alone { () throws(Failure) in
      guard !isHandedOver else { throw Self.closed }
      isHandedOver = true
    }
  }

  /// What `next` is, for the owner that the tail was handed over to.
  package func nextForNewOwner(timeout: Int64) throws(Failure) -> Step {
    try next(timeout, asNewOwner: true)
  }

  /// Ends all requests: nobody will call `next` any more. In a forked child, nothing.
  package func close() {
    guard !reactor.isInherited else { return }
    cposix_mutex_lock(mutex)
    defer { cposix_mutex_unlock(mutex) }
    roster.cancelAll()
    reactor.removeAll()
    last = .failure(Self.closed)
  }

  /// No row, with the columns of a batch.
  package static func emptyBatch() throws(Failure) -> Table {
    let nobody = JobName(guid: "", key: "")
    return try TableBuilder(Schemas.entry, constants: Schemas.entryConstants(nobody)).finish()
  }

  private static let closed = Failure(
    .closed, "This tail was handed over to an Arrow stream. Read the stream, or open another tail.")

  private func next(_ timeout: Int64, asNewOwner: Bool) throws(Failure) -> Step {
    do throws(Failure) {
      return try alone { () throws(Failure) in
        guard asNewOwner == isHandedOver else { throw Self.closed }
        let step = try endingForHooks { () throws(Failure) in try nextStep(timeout) }
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
        try TailSummary.table(roster.followers, discoveries, client.configuration)
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
    // What came when the batch before was taken is the beginning of this one.
    try fill(until: .now + Self.fillTime)
    while true {
      let now = Instant.now
      try checkCancelled(now)
      try advance(now)
      if let step = try deliver() { return step }
      let wait = deadline.map { max(0, $0 - now) } ?? 60_000
      let due = roster.isAwake ? 0 : nextDue.map { max(0, $0 - now) } ?? wait
      _ = try reactor.turn(call.longestWait(now, min(wait, due)))
      try fill(until: .now + Self.fillTime)
      if wait == 0 { return try lookOnce() }
    }
  }

  /// After the last turn within the timeout: what that turn brought.
  private func lookOnce() throws(Failure) -> Step {
    try advance(.now)
    return try deliver() ?? .timeout
  }

  private func advance(_ now: Instant) throws(Failure) {
    for discovery in discoveries {
      for follower in try discovery.advance(session, reactor, now) { roster.add(follower) }
    }
    try roster.advance(session, reactor, habits, now)
  }

  private var isDone: Bool {
    roster.isDone && discoveries.allSatisfy { $0.failure != nil }
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
    roster.cancelAll()
    reactor.removeAll()
    let failure = Failure(.cancelled, "The tail was cancelled.")
    last = .failure(failure)
    throw failure
  }

  private func finish() throws(Failure) -> Step {
    let failures = roster.followers.compactMap(\.failure) + discoveries.compactMap(\.failure)
    if failures.count == roster.followers.count + discoveries.count, let first = failures.first {
      last = .failure(first)
    } else {
      last = .success(.done)
    }
    return try last?.get() ?? .done
  }

  // MARK: Batches

  /// The next batch that the hooks leave something of, or the end.
  private func deliver() throws(Failure) -> Step? {
    while let (batch, follower) = roster.takeBatch() {
      try call.hooks?.tellSeen(follower)
      guard let passed = try call.hooks?.pass(batch) else { return .batch(batch) }
      if let end = passed.end { return try finish(for: end, in: follower, passed.rows) }
      if passed.rows.rows > 0 { return .batch(passed.rows) }
    }
    for follower in roster.takeDone() { try call.hooks?.tellEnded(follower) }
    return isDone ? try finish() : nil
  }

  /// A hook ends the tail: after what is left of this batch there is nothing more.
  private func finish(
    for end: HookedBatch.End, in follower: Follower, _ rows: Table
  ) throws(Failure) -> Step {
    follower.stop()
    switch end {
    case .stopped: last = .success(.done)
    case .failed(let failure): last = .failure(failure)
    }
    stopAll()
    if rows.rows > 0 { return .batch(rows) }
    return try last?.get() ?? .done
  }

  private func stopAll() {
    for follower in roster.followers where !follower.isDone { follower.stop() }
    reactor.removeAll()
  }

  /// A hook that was told of a job may end the tail, too.
  private func endingForHooks(_ body: () throws(Failure) -> Step) throws(Failure) -> Step {
    do throws(Failure) {
      return try body()
    } catch {
      if error.status == .hook, last == nil {
        last = .failure(error)
        stopAll()
      }
      throw error
    }
  }

  /// While more comes without waiting, takes it along: a batch is cheaper than its parts.
  private func fill(until end: Instant) throws(Failure) {
    var rows = 0
    while true {
      let now = roster.arrivedRows
      guard now > rows, Instant.now < end else { return }
      rows = now
      _ = try reactor.turn(0)
    }
  }

  private var nextDue: Instant? {
    var due = roster.nextDue
    for next in discoveries.map(\.nextDue) {
      if let next { due = due.map { min($0, next) } ?? next }
    }
    return due
  }

  /// When a host that waits on the descriptor must call although no socket is readable.
  private var nextDueOutside: Instant? {
    if last == nil, isDone || roster.hasBatch || roster.isAwake { return .now }
    var due = nextDue
    if let timer = reactor.nextTurn { due = due.map { min($0, timer) } ?? timer }
    return due
  }
}
