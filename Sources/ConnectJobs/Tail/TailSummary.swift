/// The table that says how each job's follow stands.
enum TailSummary {
  static func table(
    _ followers: [Follower], _ discoveries: [Discovery], _ configuration: Configuration
  ) throws(Failure) -> Table {
    let rows = TableBuilder(Schemas.tailSummary)
    for follower in followers {
      try rows.stage(follower.job.guid, "content_guid")
      try rows.stage(follower.job.key, "job_key")
      try rows.stage(follower.end?.rawValue, "end_reason")
      rows.stage(follower.machine.exitCode, "exit_code")
      rows.stage(follower.entries, "entries")
      rows.stage(follower.bytes, "bytes")
      rows.stage(follower.machine.reconnects, "reconnects")
      rows.stage(follower.machine.gapPossible ? 1 : 0, "gap_possible")
      rows.stage(follower.machine.repeatPossible ? 1 : 0, "repeat_possible")
      if let failure = follower.failure?.redacting(configuration.apiKey) {
        rows.stage(Int64(failure.status.rawValue), "error_status")
        try rows.stage(failure.message, "error")
      }
      try rows.endRow()
    }
    for discovery in discoveries {
      guard let failure = discovery.failure?.redacting(configuration.apiKey) else { continue }
      try rows.stage(discovery.guid, "content_guid")
      try rows.stage(EndReason.lost.rawValue, "end_reason")
      rows.stage(Int64(failure.status.rawValue), "error_status")
      try rows.stage(failure.message, "error")
      try rows.endRow()
    }
    return try rows.finish()
  }
}
