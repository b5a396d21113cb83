/// The table that says how each job's follow stands.
enum TailSummary {
  static func table(
    _ followers: [Follower], _ configuration: Configuration
  ) throws(Failure) -> Table {
    let rows = TableBuilder(Schemas.tailSummary)
    for follower in followers {
      try rows.stage(follower.job.guid, "content_guid")
      try rows.stage(follower.job.key, "job_key")
      try rows.stage(follower.end?.reason.rawValue, "end_reason")
      rows.stage(follower.exitCode, "exit_code")
      rows.stage(follower.entries, "entries")
      rows.stage(follower.bytes, "bytes")
      rows.stage(0, "reconnects")
      // What was cut off is told as an error of its own, never passed over.
      rows.stage(follower.end?.reason == .lost ? 1 : 0, "gap_possible")
      rows.stage(0, "repeat_possible")
      if let failure = follower.end?.failure?.redacting(configuration.apiKey) {
        rows.stage(Int64(failure.status.rawValue), "error_status")
        try rows.stage(failure.message, "error")
      }
      try rows.endRow()
    }
    return try rows.finish()
  }
}
