/// What a sandbox was asked to be like.
struct Settings: Sendable {
  var port: Int
  var apiKey: String
  /// Begins with a slash and does not end with one, or is empty.
  var pathPrefix: String
  var version: ServerVersion
  var framing: Framing
  var replaysTail: Bool
  var linesKept: LinesKept
  /// The most that `maxLogLines` can ask for.
  var logLinesCap: Int?

  static let defaultLogLines = 5000

  /// Which lines are left where a log has more than asked for.
  enum LinesKept: String, Sendable, CaseIterable {
    case first
    case last
  }
}

/// The Connect that is imitated, `2025.01.0`; empty when it hides its version.
struct ServerVersion: Sendable {
  let text: String

  /// The jobs API under `/v1`; a server that hides its version is a new one.
  var hasJobsAPI: Bool { isAtLeast([2022, 10, 0]) }
  /// `content_id` and `content_guid` in a job.
  var hasContentInJobs: Bool { isAtLeast([2025, 1, 0]) }

  private func isAtLeast(_ wanted: [Int]) -> Bool {
    guard !text.isEmpty else { return true }
    let numbers = text.split(separator: ".").map { Int($0) ?? 0 }
    return !numbers.lexicographicallyPrecedes(wanted)
  }
}
