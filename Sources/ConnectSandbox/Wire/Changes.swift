import Synchronization

/// A bell: whoever waits for something to happen to a job is woken when it does, and costs nothing
/// until then. Nobody polls. A number tells what was already seen, so that no ring is missed
/// between looking and waiting.
final class Changes: Sendable {
  private struct State {
    var count = 0
    var nextWaiter = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.count } }

  func ring() {
    let waiters = state.withLock { state in
      state.count += 1
      defer { state.waiters.removeAll() }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// Returns as soon as the bell has rung more than `seen` times, or the task is cancelled.
  func wait(after seen: Int) async {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let goOn = state.withLock { state in
          if state.count > seen || Task.isCancelled { return true }
          state.waiters[id] = continuation
          return false
        }
        if goOn { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
  }

  /// The same, giving up after `limit`.
  func wait(after seen: Int, atMost limit: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait(after: seen) }
      group.addTask { try? await Task.sleep(for: limit) }
      await group.next()
      group.cancelAll()
    }
  }
}
