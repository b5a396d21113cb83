import Synchronization

/// One run of a content item's command, from the queue to its finalization.
final class Job: Sendable {
  enum Status: Int, Sendable {
    case active = 0
    case finished = 1
    case finalized = 2
  }

  /// What Connect calls a LoggedError.
  struct Failure: Sendable, Equatable {
    var code: String
    var summary: String
  }

  struct State: Sendable {
    var status = Status.active
    var pid: Int32?
    var startTime: Int64?
    var endTime: Int64?
    var exitCode: Int?
    var isKilled = false
    /// Through which more lines may still come.
    var openPipes: Set<LogSource> = []
    var failure: Failure?
  }

  let id: Int
  let key: String
  let content: ContentItem
  let queuedTime: Int64
  let log: LogFile
  /// Rings when a line has come or the state has changed.
  let changes = Changes()
  private let guardedState = Mutex(State())

  init(id: Int, key: String, content: ContentItem, log: LogFile) {
    self.id = id
    self.key = key
    self.content = content
    self.log = log
    queuedTime = Clock.now()
  }

  var state: State { guardedState.withLock { $0 } }

  func update<Result: Sendable>(_ change: (inout sending State) -> sending Result) -> Result {
    let result = guardedState.withLock { change(&$0) }
    changes.ring()
    return result
  }
}
