/// Whether and when a failed request is sent again: a value without clock or I/O.
///
///     trouble           a read (GET)             a kill order (DELETE)
///     never arrived     again                    again
///     may have arrived  again                    given up: it must not be sent twice
///     rate limited      again, after Retry-After again, after Retry-After
///     unavailable       again, after Retry-After given up
///     lost session      again                    given up
///     final             given up                 given up
struct RetryPolicy: Sendable {
  enum Trouble: Equatable {
    /// Not resolved, not connected: the server has not seen the request.
    case neverArrived
    /// Cut, reset, or ended too early.
    case mayHaveArrived
    /// 429, with the wait that the server asks for in milliseconds.
    case rateLimited(after: Int64?)
    /// 502, 503 or 504.
    case unavailable(after: Int64?)
    /// 404 with Connect's code 141: another node answered.
    case lostSession
    case final
  }

  let maxRetries: Int

  static let firstDelay: Int64 = 250
  static let longestDelay: Int64 = 10_000
  /// A server that asks for a longer wait than this gets no second request.
  static let longestRetryAfter: Int64 = 60_000

  /// Milliseconds until the next attempt; `nil`: give up.
  ///
  /// - Parameters:
  ///   - attempt: how many attempts have failed; at least 1.
  ///   - jitter: from 0 to 1; spreads clients that failed together.
  func delay(
    after trouble: Trouble, attempt: Int, isRead: Bool, jitter: Double
  ) -> Int64? {
    guard attempt <= maxRetries else { return nil }
    switch trouble {
    case .final: return nil
    case .neverArrived: return backoff(attempt, jitter)
    case .mayHaveArrived, .lostSession: return isRead ? backoff(attempt, jitter) : nil
    case .unavailable(let after):
      return isRead ? wait(after, attempt, jitter) : nil
    case .rateLimited(let after): return wait(after, attempt, jitter)
    }
  }

  private func wait(_ asked: Int64?, _ attempt: Int, _ jitter: Double) -> Int64? {
    guard let asked else { return backoff(attempt, jitter) }
    return asked <= Self.longestRetryAfter ? asked : nil
  }

  /// Doubles from attempt to attempt; between half and all of that.
  private func backoff(_ attempt: Int, _ jitter: Double) -> Int64 {
    let full = min(Self.longestDelay, Self.firstDelay << min(attempt - 1, 10))
    return full / 2 + Int64(Double(full / 2) * min(1, max(0, jitter)))
  }
}
