import Synchronization

/// All jobs since the sandbox started, by content item, and the tasks that wait for them.
final class JobStore: Sendable {
  private struct State {
    var nextID = 1
    var jobs: [String: [Job]] = [:]
    var tasks: [String: Job] = [:]
    var isClosed = false
  }

  private let logFolder: String
  private let state = Mutex(State())

  init(logFolder: String) { self.logFolder = logFolder }

  /// A new job, with an empty log.
  func add(_ content: ContentItem) throws -> Job {
    let id = try state.withLock { state in
      guard !state.isClosed else { throw SystemFailure("start a job", code: 0) }
      defer { state.nextID += 1 }
      return state.nextID
    }
    let key = RandomText.make(length: 16)
    let job = Job(
      id: id, key: key, content: content, log: try LogFile(path: "\(logFolder)/\(key).lines"))
    state.withLock { $0.jobs[content.guid, default: []].append(job) }
    return job
  }

  /// The newest first.
  func jobs(of content: ContentItem) -> [Job] {
    state.withLock { Array(($0.jobs[content.guid] ?? []).reversed()) }
  }

  func job(of content: ContentItem, key: String) -> Job? {
    state.withLock { $0.jobs[content.guid]?.first { $0.key == key } }
  }

  /// From now on no job starts.
  func close() -> [Job] {
    state.withLock { state in
      state.isClosed = true
      return state.jobs.values.flatMap { $0 }
    }
  }

  /// A task that is done when the job is.
  func addTask(for job: Job) -> String {
    let id = RandomText.make(length: 16)
    state.withLock { $0.tasks[id] = job }
    return id
  }

  func job(ofTask id: String) -> Job? { state.withLock { $0.tasks[id] } }
}

/// Keys as Connect makes them: letters and digits, nothing to escape.
enum RandomText {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

  static func make(length: Int) -> String {
    String((0..<length).compactMap { _ in alphabet.randomElement() })
  }
}
