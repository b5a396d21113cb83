/// How often a state is looked at: quickly at first, then less and less, up to every two seconds.
struct PollingPace {
  private var milliseconds: Int64 = 100

  /// Milliseconds until the next look.
  mutating func next() -> Int64 {
    defer { milliseconds = min(2_000, milliseconds * 3 / 2) }
    return milliseconds
  }
}

extension Client {
  package enum Milestone: Int32 {
    case finished = 1
    case finalized = 2
  }

  /// Waits until a job is so far; its row, or `nil` where the time ran out first.
  ///
  /// - Parameter timeout: milliseconds; 0 looks once, negative waits for ever.
  package func wait(
    _ job: JobName, until milestone: Milestone, timeout: Int64, _ options: CallOptions
  ) throws(Failure) -> Table? {
    try attempt("job_wait", options) { call throws(Failure) in
      if timeout == 0 { return try look(job, milestone, &call) }
      let end: Instant? = timeout < 0 ? nil : .now + timeout
      return try call.until(end) { (call) throws(Failure) in
        var pace = PollingPace()
        while true {
          if let row = try look(job, milestone, &call) { return row }
          try pause(pace.next(), &call)
        }
      }
    }
  }

  /// The job's row, where it is so far.
  private func look(
    _ job: JobName, _ milestone: Milestone, _ call: inout Call
  ) throws(Failure) -> Table? {
    let row = try row(of: job, &call)
    guard let status = row.integer("status", 0), status >= Int64(milestone.rawValue) else {
      return nil
    }
    try call.hooks?.end(row, job)
    return row
  }
}
