import CPosix
import Glibc

/// A function that is bound to an event. Freed, with its library, when it is unbound and no batch
/// that began with it is under way.
final class Hook: @unchecked Sendable {
  enum Body {
    /// Called for each row, through libffi.
    case call(HookCall)
    /// Called with the whole table.
    case batch(BatchFunction, context: UnsafeMutableRawPointer?)
  }

  typealias BatchFunction =
    @convention(c) (OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutableRawPointer?) -> Int32

  let id: Int64
  let event: HookEvent
  let name: String
  let body: Body
  /// Whether its failure ends the call; else it is counted.
  let failureEnds: Bool
  private let library: PluginLibrary?
  /// Guarded by the lock of the set.
  var counts = HookCounts()

  init(_ id: Int64, _ prepared: PreparedHook) {
    self.id = id
    event = prepared.event
    name = prepared.name
    body = prepared.body
    failureEnds = prepared.failureEnds
    library = prepared.library
  }

  /// Whether what it says decides about entries.
  var decides: Bool {
    guard event.isDecided else { return false }
    if case .call(let call) = body { return call.signature.decides }
    return true
  }
}

/// A hook that has been checked in all respects, before it gets its place in a set.
package struct PreparedHook: @unchecked Sendable {
  let event: HookEvent
  let name: String
  let body: Hook.Body
  let failureEnds: Bool
  let library: PluginLibrary?
}

/// What a hook has done.
struct HookCounts: Equatable, Sendable {
  var calls: Int64 = 0
  var drops: Int64 = 0
  var errors: Int64 = 0
  var batches: Int64 = 0
  /// Of all batches, and of the one that took longest.
  var nanoseconds: Int64 = 0
  var longest: Int64 = 0
  var lastError: String?

  mutating func add(_ more: HookCounts) {
    calls += more.calls
    drops += more.drops
    errors += more.errors
    batches += more.batches
    nanoseconds += more.nanoseconds
    longest = max(longest, more.longest)
    lastError = more.lastError ?? lastError
  }
}

/// What is left of a batch, and whether it is the last.
package struct HookedBatch {
  package enum End {
    /// A hook wants no more.
    case stopped
    case failed(Failure)
  }

  package var rows: Table
  package var end: End?
}
