import Glibc

/// Jobs as the API's objects.
struct JobJSON: Sendable {
  let version: ServerVersion

  private static let hostname: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }()
  private static let user: String = {
    guard let entry = getpwuid(getuid()) else { return String(getuid()) }
    return String(cString: entry.pointee.pw_name)
  }()

  /// A JobItem: ids and pids are strings.
  func item(_ job: Job) -> JSON {
    let state = job.state
    let content = job.content
    var fields: [(String, JSON)] = [
      ("id", .string(String(job.id))),
      ("ppid", JSON(state.pid.map { _ in String(getpid()) })),
      ("pid", JSON(state.pid.map { String($0) })),
      ("key", .string(job.key)),
      ("remote_id", nil),
      ("app_id", .string(String(content.id))),
      ("variant_id", .string(String(content.id))),
      ("bundle_id", .string(String(content.id))),
      ("start_time", JSON(time: state.startTime)),
      ("end_time", JSON(time: state.endTime)),
      ("last_heartbeat_time", JSON(time: heartbeat(state))),
      ("queued_time", JSON(time: job.queuedTime)),
      ("queue_name", nil),
      ("tag", .string(tag(of: job))),
      ("exit_code", JSON(state.exitCode)),
      ("status", .int(state.status.rawValue)),
      ("hostname", .string(Self.hostname)),
      ("cluster", "Local"),
      ("image", nil),
      ("run_as", .string(Self.user)),
    ]
    if version.hasContentInJobs {
      fields.append(("content_id", .string(String(content.id))))
      fields.append(("content_guid", .string(content.guid)))
    }
    return .object(fields)
  }

  /// The same on a server before the jobs API: integers, epoch seconds, `finalized` for a status.
  func oldItem(_ job: Job) -> [(String, JSON)] {
    let state = job.state
    return [
      ("id", .int(job.id)),
      ("ppid", JSON(state.pid.map { _ in Int(getpid()) })),
      ("pid", JSON(state.pid.map { Int($0) })),
      ("key", .string(job.key)),
      ("app_id", .int(job.content.id)),
      ("variant_id", .int(job.content.id)),
      ("bundle_id", .int(job.content.id)),
      ("tag", .string(tag(of: job))),
      ("finalized", .bool(state.status == .finalized)),
      ("hostname", .string(Self.hostname)),
      ("origin", nil),
      ("start_time", JSON(state.startTime.map { Int($0 / 1_000_000_000) })),
      ("end_time", JSON(state.endTime.map { Int($0 / 1_000_000_000) })),
      ("exit_code", JSON(state.exitCode)),
      ("run_as", .string(Self.user)),
    ]
  }

  func tag(of job: Job) -> String { job.content.manifest.tag ?? "unknown" }

  /// A KillJobOrder: here ids are integers.
  func killOrder(_ job: Job) -> JSON {
    [
      "guid": .string(GUID.derived(from: RandomText.make(length: 32))),
      "app_id": .int(job.content.id),
      "app_guid": .string(job.content.guid),
      "job_id": .int(job.id),
      "job_key": .string(job.key),
      "result": "Order to kill job registered",
    ]
  }

  func loggedError(_ failure: Job.Failure) -> JSON {
    [
      "code": .string(failure.code),
      "summary": .string(failure.summary),
      "help_url": "https://docs.posit.co/connect/user/troubleshooting/",
    ]
  }

  /// Connect notes every ten seconds that a job is alive.
  private func heartbeat(_ state: Job.State) -> Int64? {
    guard let start = state.startTime else { return nil }
    let end = state.endTime ?? Clock.now()
    return start + (end - start) / 10_000_000_000 * 10_000_000_000
  }
}
