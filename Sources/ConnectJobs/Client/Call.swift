import CPosix
import Glibc

/// A reading of the monotonic clock, in milliseconds.
package struct Instant: Comparable, Sendable {
  let milliseconds: Int64

  static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
  }

  static func + (instant: Instant, milliseconds: Int64) -> Instant {
    let (sum, overflow) = instant.milliseconds.addingReportingOverflow(milliseconds)
    return Instant(milliseconds: overflow ? .max : sum)
  }

  static func - (a: Instant, b: Instant) -> Int64 { a.milliseconds - b.milliseconds }

  package static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
}

/// A cancel token, for as long as somebody holds it.
package final class CancelToken: @unchecked Sendable {
  let raw: OpaquePointer

  /// Shares a token that C holds.
  package init(sharing raw: OpaquePointer) {
    cposix_cancel_retain(raw)
    self.raw = raw
  }

  /// A new token; `nil` where there is no memory or descriptor.
  package init?() {
    guard let made = cposix_cancel_new() else { return nil }
    raw = made
  }

  deinit { cposix_cancel_release(raw) }

  package var isSignalled: Bool { cposix_cancel_signalled(raw) }
  package func signal() { cposix_cancel_signal(raw) }
  var descriptor: CInt { cposix_cancel_fd(raw) }
}

/// What a host says of one call. Times are in milliseconds; 0 and `nil` mean the default.
package struct CallOptions: Sendable {
  package var timeout: Int64 = 0
  package var cancel: CancelToken?
  package var maxResponseBytes: Int64 = 0
  package var interrupt: InterruptCheck?
  package var hooks: HookSet?

  package init() {}
}

/// One call while it runs: when it must end, and who may end it.
struct Call {
  let operation: StaticString
  let cancel: CancelToken?
  let interrupt: InterruptCheck?
  let hooks: HookSet?
  private(set) var deadline: Instant?
  private(set) var maxResponseBytes: Int64?
  private var nextInterruptCheck: Instant

  /// How long a wait may be while an interrupt check is there: under the promised 50 ms.
  static let interruptPeriod: Int64 = 40

  init(_ operation: StaticString, _ options: CallOptions, of configuration: Configuration) {
    self.operation = operation
    cancel = options.cancel
    interrupt = options.interrupt ?? configuration.interrupt
    hooks = options.hooks
    deadline = options.timeout > 0 ? Instant.now + options.timeout : nil
    maxResponseBytes =
      options.maxResponseBytes == 0
      ? configuration.maxResponseBytes
      : options.maxResponseBytes < 0 ? nil : options.maxResponseBytes
    nextInterruptCheck = Instant.now + Self.interruptPeriod
  }

  /// A stream has no end in sight: only what the call itself asks for limits it.
  mutating func limitsOnly(_ given: Int64) {
    maxResponseBytes = given > 0 ? given : nil
  }

  /// Runs a part of the call that may not go on past an instant of its own.
  ///
  /// - Returns: `nil` where that instant came first.
  mutating func until<Result>(
    _ end: Instant?, _ part: (inout Call) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    let whole = deadline
    guard let end, whole.map({ end < $0 }) ?? true else { return try part(&self) }
    deadline = end
    defer { deadline = whole }
    do throws(Failure) {
      return try part(&self)
    } catch {
      guard error.status == .timedOut, Instant.now >= end else { throw error }
      return nil
    }
  }

  /// Throws where the call must end now.
  mutating func check(_ now: Instant) throws(Failure) {
    if let cancel, cancel.isSignalled { throw Self.cancelled }
    if let interrupt, now >= nextInterruptCheck {
      nextInterruptCheck = now + Self.interruptPeriod
      if interrupt.wantsToStop { throw Self.cancelled }
    }
    if let deadline, now >= deadline {
      throw Failure(
        .timedOut, "The call took longer than its timeout. Give it more time, or ask for less.")
    }
  }

  /// How long a wait may be, in milliseconds: not past the deadline nor the next interrupt check.
  func longestWait(_ now: Instant, _ wanted: Int64) -> Int64 {
    var wait = max(0, wanted)
    if let deadline { wait = min(wait, max(0, deadline - now)) }
    if interrupt != nil { wait = min(wait, max(0, nextInterruptCheck - now)) }
    return wait
  }

  static let cancelled = Failure(.cancelled, "The call was cancelled.")
}
