/// What the hooks are told of jobs: events made from the tables that the calls read anyway.
extension HookSet {
  /// Tells of the jobs in a list that have not been seen before.
  ///
  /// - Parameter guid: the content item that was asked for; `nil`: the list says it of each row.
  func see(_ jobs: Table, of guid: String?) throws(Failure) {
    guard listens(to: .jobSeen) else { return }
    try tell(.jobSeen, try news(of: jobs, .jobSeen, guid))
  }

  /// Tells that a job has ended, unless that is known.
  ///
  /// - Parameter row: what the server says of it; `nil`: it does not know it any more.
  func end(_ row: Table?, _ job: JobName) throws(Failure) {
    guard listens(to: .jobEnded) else { return }
    guard let row else { return try tell(.jobEnded, job) }
    try tell(.jobEnded, try news(of: row, .jobEnded, job.guid))
  }

  /// The same of a job of which no more is known.
  func tell(
    _ event: HookEvent, _ job: JobName, status: Int64? = nil, exitCode: Int64? = nil
  ) throws(Failure) {
    guard listens(to: event), isNews(event, job) else { return }
    let rows = TableBuilder(event.schema)
    try rows.stage(job.guid, "content_guid")
    try rows.stage(job.key, "job_key")
    rows.stage(status, "status")
    rows.stage(exitCode, "exit_code")
    try rows.endRow()
    try tell(event, try rows.finish())
  }

  private func news(
    of jobs: Table, _ event: HookEvent, _ guid: String?
  ) throws(Failure) -> Table {
    let rows = TableBuilder(event.schema)
    for row in 0..<jobs.rows {
      guard let key = jobs.string("key", row),
        let guid = guid ?? jobs.string("requested_guid", row),
        isNews(event, JobName(guid: guid, key: key))
      else { continue }
      try rows.stage(guid, "content_guid")
      try rows.stage(key, "job_key")
      for (index, field) in event.schema.enumerated().dropFirst(2) {
        guard let column = jobs[field.name.description], !column.isNull(row) else { continue }
        guard rows.copy(column, row, to: index) else { throw .noMemory }
      }
      try rows.endRow()
    }
    return try rows.finish()
  }

  /// Tells of kill orders, from the rows of the answer to them.
  func order(_ orders: Table, of guid: String) throws(Failure) {
    guard listens(to: .killOrdered) else { return }
    let rows = TableBuilder(HookEvent.killOrdered.schema)
    for row in 0..<orders.rows {
      try rows.stage(guid, "content_guid")
      for (index, field) in HookEvent.killOrdered.schema.enumerated().dropFirst() {
        guard let column = orders[field.name.description], !column.isNull(row) else { continue }
        guard rows.copy(column, row, to: index) else { throw .noMemory }
      }
      try rows.endRow()
    }
    try tell(.killOrdered, try rows.finish())
  }
}
