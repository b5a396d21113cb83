/// The calls that read a table: content, jobs, logs, errors.
///
/// Source of the addresses and shapes: Posit Connect's public OpenAPI document, 2023.09.0.
extension Client {
  /// The content items that the key may see; with a name, those of that name.
  package func contentList(name: String?, _ options: CallOptions) throws(Failure) -> Table {
    try attempt("content_list", options) { call throws(Failure) in
      var path = "v1/content"
      if let name { path += "?name=\(PercentEncoding.encode(name))" }
      return try read(path, Schemas.content, .array, &call)
    }
  }

  package func jobsList(guid: String, _ options: CallOptions) throws(Failure) -> Table {
    try attempt("jobs_list", options) { call throws(Failure) in
      try jobs(of: guid, &call)
    }
  }

  package func job(_ job: JobName, _ options: CallOptions) throws(Failure) -> Table {
    try attempt("job_get", options) { call throws(Failure) in
      try row(of: job, &call)
    }
  }

  /// - Parameter maxLines: 0 is the server's default.
  package func log(
    _ job: JobName, maxLines: Int64, _ options: CallOptions
  ) throws(Failure) -> Table {
    try attempt("job_log", options) { call throws(Failure) in
      guard maxLines >= 0 else {
        throw Failure(
          .invalidArgument,
          "max_log_lines is negative. Give a number of lines, or 0 for the default.")
      }
      let table = try withEitherAPI(&call) { (call) throws(Failure) in
        let query = maxLines > 0 ? "?maxLogLines=\(maxLines)" : ""
        return try read(
          path(job) + "/log" + query, Schemas.entry, .entries,
          constants: Schemas.entryConstants(job), &call)
      } old: { (call) throws(Failure) in
        try oldLog(of: job, maxLines: maxLines, &call)
      }
      guard let passed = try call.hooks?.pass(table) else { return table }
      if case .failed(let failure) = passed.end { throw failure }
      return passed.rows
    }
  }

  /// No row where Connect logged no error, else one.
  package func loggedError(_ job: JobName, _ options: CallOptions) throws(Failure) -> Table {
    try attempt("job_error", options) { call throws(Failure) in
      let table = TableBuilder(Schemas.loggedError)
      let sink = OptionalRecordSink(RecordSink(table, .object, call, configuration))
      try perform(Exchange(Request(url: url(try path(job) + "/error")), sink, configuration), &call)
      return try table.finish()
    }
  }

  // MARK: For the other operations

  func jobs(of guid: String, _ call: inout Call) throws(Failure) -> Table {
    let jobs = try withEitherAPI(&call) { (call) throws(Failure) in
      try read(try path(guid), Schemas.job, .array, &call)
    } old: { (call) throws(Failure) in
      try oldJobs(of: guid, &call)
    }
    try call.hooks?.see(jobs, of: guid)
    return jobs
  }

  func row(of job: JobName, _ call: inout Call) throws(Failure) -> Table {
    let row = try withEitherAPI(&call) { (call) throws(Failure) in
      try read(try path(job), Schemas.job, .object, &call)
    } old: { (call) throws(Failure) in
      try oldRow(of: job, &call)
    }
    try call.hooks?.see(row, of: job.guid)
    return row
  }

  func read(
    _ path: String, _ fields: [Field], _ shape: RecordShape,
    constants: [(field: Field, text: String)] = [], _ call: inout Call
  ) throws(Failure) -> Table {
    let table = TableBuilder(fields, constants: constants)
    let sink = RecordSink(table, shape, call, configuration)
    try perform(Exchange(Request(url: url(path)), sink, configuration), &call)
    return try table.finish()
  }

  /// Below `/__api__`: the jobs of a content item.
  func path(_ guid: String) throws(Failure) -> String {
    "v1/content/\(try PathSegment.encode(guid, what: "content guid"))/jobs"
  }

  func path(_ job: JobName) throws(Failure) -> String {
    try path(job.guid) + "/" + PathSegment.encode(job.key, what: "job key")
  }
}

/// A record that the server may also answer with 204 and no body.
private final class OptionalRecordSink: BodySink {
  private let record: RecordSink

  init(_ record: RecordSink) {
    self.record = record
  }

  var failure: Failure? { record.failure }

  func receive(_ bytes: UnsafeRawBufferPointer, _ transfer: Transfer) -> SinkVerdict {
    record.receive(bytes, transfer)
  }

  func end(_ head: ResponseHead) throws(Failure) {
    if head.status != 204 { try record.end(head) }
  }

  func restart() -> Bool { record.restart() }
}
