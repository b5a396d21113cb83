/// A rendering as a task: done when its job has ended, with the job's log as its output.
struct TaskJSON: Sendable {
  /// The longest that a request may wait, and the most lines that an answer holds.
  private static let longestWait = 30
  private static let mostLines = 5000

  func wait(for job: Job, seconds: Int) async {
    let end = ContinuousClock.now + .seconds(min(seconds, Self.longestWait))
    while true {
      let seen = job.changes.count
      let left = end - .now
      guard job.state.status == .active, left > .zero, !Task.isCancelled else { return }
      await job.changes.wait(after: seen, atMost: left)
    }
  }

  func json(id: String, job: Job, first: Int) throws -> JSON {
    let state = job.state
    let isDone = state.status != .active
    let output = try lines(of: job, from: first)
    return [
      "id": .string(id), "user_id": 1, "output": .array(output.map(JSON.string)),
      "status": .array(output.map(JSON.string)), "result": nil, "finished": .bool(isDone),
      "code": .int(isDone ? state.exitCode ?? 1 : 0),
      "error": .string(error(state)), "last": .int(first + output.count),
      "last_status": .int(first + output.count),
    ]
  }

  private func error(_ state: Job.State) -> String {
    state.failure?.summary ?? (state.isKilled ? "The job was stopped." : "")
  }

  private func lines(of job: Job, from first: Int) throws -> [String] {
    guard first < job.log.extent.lines else { return [] }
    let reader = try LogReader(job.log)
    try reader.seek(toLine: first)
    var lines: [String] = []
    while lines.count < Self.mostLines {
      let seen = try reader.read(
        upTo: job.log.extent.bytes, atMost: Self.mostLines - lines.count
      ) { lines.append(String(decoding: $0.data, as: UTF8.self)) }
      guard seen > 0 else { break }
    }
    return lines
  }
}
