import CPosix
import Glibc

/// A server, a key, and the connections to it. Any thread may use it, and a forked child too.
package final class Client: Sendable {
  package let configuration: Configuration
  private let curl: Curl
  /// The process's session, retained by hand: a child exchanges it without a lock.
  private nonisolated(unsafe) let slot: OpaquePointer

  /// - Throws: `configuration` where the options cannot be used, or libcurl is not there.
  package init(_ options: ClientOptions) throws(Failure) {
    do throws(Failure) {
      configuration = try Configuration(options)
    } catch {
      // The key may have been given in a wrong place, too.
      throw error.redacting(options.apiKey ?? Environment.value("CONNECT_API_KEY") ?? "")
    }
    curl = try Curl.load()
    let session = Unmanaged.passRetained(try Session(curl, configuration))
    guard let made = cposix_slot_new(session.toOpaque()) else {
      session.release()
      throw .noMemory
    }
    slot = made
    warnOfPlainText()
  }

  deinit {
    if let pointer = cposix_slot_load(slot) {
      let session = Unmanaged<Session>.fromOpaque(pointer)
      // The parent's session is abandoned: its connections are not ours to end.
      if !session._withUnsafeGuaranteedRef({ $0.isInherited }) { session.release() }
    }
    cposix_slot_free(slot)
  }

  /// This process's session. The pid is looked at before any lock is taken: one that another
  /// thread held during the fork would stay locked for ever.
  func session() throws(Failure) -> Session {
    let known = cposix_slot_load(slot)
    if let known {
      let session = Unmanaged<Session>.fromOpaque(known).takeUnretainedValue()
      if !session.isInherited { return session }
    }
    let fresh = try Session(curl, configuration)
    let retained = Unmanaged.passRetained(fresh)
    if cposix_slot_exchange(slot, known, retained.toOpaque()) { return fresh }
    retained.release()
    return try session()
  }

  private func warnOfPlainText() {
    let address = configuration.address
    guard !address.isEncrypted, !address.isLoopback else { return }
    configuration.log?.log(
      .warning,
      "\(address.text) is not encrypted: whoever sees the traffic can read the API key. Use an "
        + "https:// address.")
  }

  // MARK: Performing

  /// Carries exchanges through, at most so many at the same time, on this thread.
  ///
  /// - Throws: what ends the whole call: cancelled, out of time, forked. What happens to one
  ///   exchange is in its state.
  func perform(
    _ exchanges: any ExchangeSource, atOnce: Int, _ call: inout Call
  ) throws(Failure) {
    var queue = ExchangeQueue(exchanges, atOnce: atOnce)
    try withReactor(&call) { (session, reactor, call) throws(Failure) in
      while true {
        let now = Instant.now
        try call.check(now)
        try queue.advance(session, reactor, now)
        guard let due = queue.nextDue else { return }
        _ = try reactor.turn(call.longestWait(now, due - now))
      }
    }
  }

  /// The same for exchanges that are there already.
  func perform(_ exchanges: [Exchange], atOnce: Int, _ call: inout Call) throws(Failure) {
    guard !exchanges.isEmpty else { return }
    try perform(ListedExchanges(exchanges), atOnce: atOnce, &call)
  }

  /// Waits so many milliseconds, in the same place where all else waits: a token, an interrupt or
  /// the call's deadline ends it.
  func pause(_ milliseconds: Int64, _ call: inout Call) throws(Failure) {
    let end = Instant.now + milliseconds
    try withReactor(&call) { (_, reactor, call) throws(Failure) in
      while true {
        let now = Instant.now
        try call.check(now)
        guard now < end else { return }
        _ = try reactor.turn(call.longestWait(now, end - now))
      }
    }
  }

  /// Lends a reactor to a part of a call, awake for the call's token.
  private func withReactor(
    _ call: inout Call, _ body: (Session, Reactor, inout Call) throws(Failure) -> Void
  ) throws(Failure) {
    let session = try session()
    let reactor = try session.borrow()
    let cancel = call.cancel
    if let cancel { reactor.watch(cancel) }
    defer {
      if !reactor.isInherited {
        if let cancel { reactor.unwatch(cancel) }
        reactor.removeAll()
        session.giveBack(reactor)
      }
    }
    try body(session, reactor, &call)
  }

  /// Carries one exchange through.
  @discardableResult
  func perform(_ exchange: Exchange, _ call: inout Call) throws(Failure) -> ResponseHead {
    try perform([exchange], atOnce: 1, &call)
    guard case .done(let result) = exchange.state else {
      throw Failure(.internal, "A request ended without a result.")
    }
    return try result.get()
  }

  /// Makes a call: its failures name the operation, and never hold the key.
  func attempt<Result>(
    _ operation: StaticString, _ options: CallOptions,
    _ body: (inout Call) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    do throws(Failure) {
      var call = Call(operation, options, of: configuration)
      return try body(&call)
    } catch {
      throw error.during(operation).redacting(configuration.apiKey)
    }
  }

  /// The address of an operation below `/__api__`.
  func url(_ path: String) -> String {
    "\(configuration.address.text)/__api__/\(path)"
  }
}
