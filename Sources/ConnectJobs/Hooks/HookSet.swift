import CPosix
import Glibc

/// The hooks that a program has bound, in the order of binding; given to calls, and kept by tails.
///
/// A call runs the hooks that are bound when its batch begins. Nothing is locked while they run, so a
/// hook may call back, bind and unbind.
package final class HookSet: @unchecked Sendable {
  let allowWritable: Bool
  private let lock: ForkSafeLock
  private var hooks: [Hook] = []
  private var nextID: Int64 = 1
  /// The jobs that a hook of that event has been told of.
  private var told: [HookEvent: Set<JobName>] = [:]

  package init(allowWritable: Bool) throws(Failure) {
    guard let lock = ForkSafeLock() else { throw .noMemory }
    self.lock = lock
    self.allowWritable = allowWritable
  }

  // MARK: Binding

  /// Gives hooks their places, all or none; their numbers.
  @discardableResult
  package func add(_ prepared: [PreparedHook]) -> [Int64] {
    lock.hold {
      prepared.map { hook in
        defer { nextID += 1 }
        hooks.append(Hook(nextID, hook))
        return nextID
      }
    }
  }

  /// Takes a hook out. A batch that has begun goes on with it.
  package func unbind(_ id: Int64) throws(Failure) {
    // Let go outside: its library's own functions may run then.
    var removed: Hook?
    lock.hold {
      guard let index = hooks.firstIndex(where: { $0.id == id }) else { return }
      removed = hooks.remove(at: index)
    }
    guard removed != nil else {
      throw Failure(
        .invalidArgument, "There is no hook \(id) in this set, or it has been unbound already.")
    }
  }

  // MARK: Running

  private func bound(to event: HookEvent) -> [Hook] {
    lock.hold { hooks.filter { $0.event == event } }
  }

  /// Passes a batch of entries through the hooks: the whole of it through the first, then what that
  /// left through the second.
  ///
  /// - Throws: only where there is no memory.
  package func pass(_ batch: Table) throws(Failure) -> HookedBatch {
    var result = HookedBatch(rows: batch)
    for hook in bound(to: .entry) where result.rows.rows > 0 {
      let left = try run(hook, over: result.rows)
      result.rows = left.rows
      // What came first in the log ends it: a later hook has only seen rows before that.
      if let end = left.end { result.end = end }
    }
    return result
  }

  /// Tells the hooks of an event that has happened.
  ///
  /// - Throws: `hook` where one failed that was bound so; the others have been told all the same.
  func tell(_ event: HookEvent, _ rows: Table) throws(Failure) {
    guard rows.rows > 0 else { return }
    var ended: Failure?
    for hook in bound(to: event) {
      if case .failed(let failure) = try run(hook, over: rows).end { ended = ended ?? failure }
    }
    if let ended { throw ended }
  }

  private func run(_ hook: Hook, over table: Table) throws(Failure) -> HookedBatch {
    var run = HookRun(hook, over: table)
    let result: Result<HookedBatch, Failure>
    do throws(Failure) { result = .success(try run.run()) } catch { result = .failure(error) }
    lock.hold { hook.counts.add(run.counts) }
    return try result.get()
  }

  // MARK: Jobs

  /// Whether it is worth while to make the table of an event.
  func listens(to event: HookEvent) -> Bool {
    lock.hold { hooks.contains { $0.event == event } }
  }

  /// Whether it is the first time that this is told of the job.
  func isNews(_ event: HookEvent, _ job: JobName) -> Bool {
    lock.hold { told[event, default: []].insert(job).inserted }
  }

  // MARK: Statistics

  /// A row a hook.
  package func statistics() throws(Failure) -> Table {
    let rows = TableBuilder(Schemas.hookStatistics)
    for (hook, counts) in lock.hold({ hooks.map { ($0, $0.counts) } }) {
      rows.stage(hook.id, "hook")
      try rows.stage(hook.event.name, "event")
      try rows.stage(hook.name, "name")
      rows.stage(counts.calls, "calls")
      rows.stage(counts.drops, "drops")
      rows.stage(counts.errors, "errors")
      rows.stage(counts.batches, "batches")
      rows.stage(counts.nanoseconds, "time_ns")
      rows.stage(counts.longest, "longest_ns")
      try rows.stage(counts.lastError, "last_error")
      try rows.endRow()
    }
    return try rows.finish()
  }
}

/// A mutex that a forked child does not inherit: another thread may have held it just then.
private final class ForkSafeLock: @unchecked Sendable {
  private struct Owned {
    let process: pid_t
    let mutex: OpaquePointer
  }

  private let slot: OpaquePointer

  init?() {
    guard let owned = Self.make() else { return nil }
    guard let slot = cposix_slot_new(owned) else {
      Self.free(owned)
      return nil
    }
    self.slot = slot
  }

  deinit {
    if let owned = current, owned.pointee.process == getpid() { Self.free(owned) }
    cposix_slot_free(slot)
  }

  private var current: UnsafeMutablePointer<Owned>? {
    cposix_slot_load(slot)?.assumingMemoryBound(to: Owned.self)
  }

  private static func make() -> UnsafeMutablePointer<Owned>? {
    guard let mutex = cposix_mutex_new() else { return nil }
    let owned = UnsafeMutablePointer<Owned>.allocate(capacity: 1)
    owned.initialize(to: Owned(process: getpid(), mutex: mutex))
    return owned
  }

  private static func free(_ owned: UnsafeMutablePointer<Owned>) {
    cposix_mutex_free(owned.pointee.mutex)
    owned.deallocate()
  }

  /// This process's mutex; the first thread of a child exchanges the inherited one.
  private var mutex: OpaquePointer? {
    while let known = current {
      if known.pointee.process == getpid() { return known.pointee.mutex }
      guard let fresh = Self.make() else { return nil }
      if !cposix_slot_exchange(slot, known, fresh) { Self.free(fresh) }
    }
    return nil
  }

  func hold<Result>(_ body: () -> Result) -> Result {
    let mutex = mutex
    if let mutex { cposix_mutex_lock(mutex) }
    defer { if let mutex { cposix_mutex_unlock(mutex) } }
    return body()
  }
}
