/// What has been learned of how a server behaves where its documentation is silent. It is the same
/// for all jobs of a server, so the follows of one tail share it. Nothing here is ever assumed.
struct ServerHabits: Equatable, Sendable {
  enum Keeping: Equatable, Sendable {
    /// `maxLogLines` keeps the first lines.
    case first
    /// It keeps the last.
    case last
  }

  /// A tail gives the log from its beginning, not only what comes after it was opened.
  var replays = false
  /// There is no tail at all: a follow looks at the log again and again.
  var hasNoTail = false
  /// A tail was opened once.
  var hasTail = false
  var keeping: Keeping?
  /// The most lines that an answer of `/log` had: one that has fewer was not cut at a limit of the
  /// server's own.
  var largestAnswer = 0
}

/// What keeps a request from its answer, as far as a follow must tell it apart. Indirect for the
/// reason that ``Exchange/State`` gives.
indirect enum Trouble {
  /// No such job, or none any more.
  case gone(Failure)
  /// No such endpoint.
  case unsupported(Failure)
  /// The network, or a server that is not available now: it may pass.
  case passing(Failure)
  /// Not to be had: the key, the answer itself.
  case final(Failure)

  init(_ failure: Failure) {
    switch failure.status {
    case .notFound: self = failure.apiCode == 141 ? .passing(failure) : .gone(failure)
    case .unsupported: self = .unsupported(failure)
    case .network, .timedOut, .server, .rateLimited: self = .passing(failure)
    // An answer that ends in the middle, or is empty, was perhaps cut.
    case .protocol where failure.isRetryable: self = .passing(failure)
    default: self = .final(failure)
    }
  }

  var failure: Failure {
    switch self {
    case .gone(let failure), .unsupported(let failure), .passing(let failure), .final(let failure):
      failure
    }
  }
}
