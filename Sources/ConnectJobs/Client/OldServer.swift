/// Servers before the Jobs API (before 2022.10.0) have unversioned endpoints in its place: for the
/// jobs of a content item, and for one job with its log.
extension Client {
  /// Makes a call of the Jobs API; where the server does not have it, the older one. Which of them it
  /// has is remembered.
  func withEitherAPI(
    _ call: inout Call, _ new: (inout Call) throws(Failure) -> Table,
    old: (inout Call) throws(Failure) -> Table
  ) throws(Failure) -> Table {
    let session = try session()
    if session.api == .unversioned { return try old(&call) }
    let refusal: Failure
    do throws(Failure) {
      let table = try new(&call)
      session.note(.jobs)
      return table
    } catch {
      guard error.status == .unsupported, session.api == nil else { throw error }
      refusal = error
    }
    do throws(Failure) {
      let table = try old(&call)
      session.note(.unversioned)
      return table
    } catch {
      // Only an answer shows that the server has the older endpoints.
      throw error.status == .cancelled || error.status == .timedOut ? error : refusal
    }
  }

  func oldJobs(of guid: String, _ call: inout Call) throws(Failure) -> Table {
    try OldJobs.jobs(try read(oldPath(guid), OldJobs.fields, .array, &call))
  }

  func oldRow(of job: JobName, _ call: inout Call) throws(Failure) -> Table {
    try OldJobs.jobs(try read(oldPath(job), OldJobs.fields, .object, &call))
  }

  /// - Parameter maxLines: the last so many; 0: all.
  func oldLog(of job: JobName, maxLines: Int64, _ call: inout Call) throws(Failure) -> Table {
    let texts = TableBuilder(OldJobs.logFields)
    let sink = RecordSink(texts, .object, call, configuration, limitsTexts: false)
    try perform(Exchange(Request(url: url(try oldPath(job))), sink, configuration), &call)
    let entries = try OldJobs.entries(
      try texts.finish(), Schemas.entryConstants(job), maxEntryBytes: configuration.maxEntryBytes)
    let surplus = maxLines > 0 ? entries.rows - Int(clamping: maxLines) : 0
    guard surplus > 0, let last = entries.slice(surplus, entries.rows - surplus) else {
      return entries
    }
    return last
  }

  func oldPath(_ guid: String) throws(Failure) -> String {
    "applications/\(try PathSegment.encode(guid, what: "content guid"))/jobs"
  }

  func oldPath(_ job: JobName) throws(Failure) -> String {
    "applications/\(try PathSegment.encode(job.guid, what: "content guid"))/job/"
      + (try PathSegment.encode(job.key, what: "job key"))
  }
}
