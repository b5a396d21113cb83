import Hummingbird

/// The seven operations of the Jobs API.
struct JobRoutes: Sendable {
  let settings: Settings
  let lookup: Lookup
  let runner: JobRunner
  let json: JobJSON

  func add(to api: some RouterMethods<BasicRequestContext>) {
    let jobs = api.group("v1/content/{guid}/jobs")
    guard settings.version.hasJobsAPI else {
      addAbsence(to: jobs)
      return
    }
    jobs.get { _, context in try list(context) }
    jobs.get("{key}") { _, context in Response(json: json.item(try lookup.job(context))) }
    jobs.get("{key}/log") { request, context in try log(request, context) }
    jobs.get("{key}/tail") { request, context in try tail(request, context) }
    jobs.get("{key}/download") { request, context in try download(request, context) }
    jobs.get("{key}/error") { _, context in try loggedError(context) }
    jobs.delete("{key}") { _, context in try kill(context) }
  }

  /// A server from before the Jobs API does not even know how to refuse in JSON.
  private func addAbsence(to jobs: RouterGroup<BasicRequestContext>) {
    for path in ["", "{key}", "{key}/**"] as [RouterPath] {
      for method in [HTTPRequest.Method.get, .delete] {
        jobs.on(path, method: method) { _, _ in
          Response(text: "404 page not found", status: .notFound)
        }
      }
    }
  }

  private func list(_ context: BasicRequestContext) throws -> Response {
    let content = try lookup.myContent(context)
    return Response(json: .array(lookup.store.jobs(of: content).map(json.item)))
  }

  private func log(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let job = try lookup.job(context)
    let extent = job.log.extent
    let count = min(try maxLogLines(request), settings.logLinesCap ?? .max, extent.lines)
    let first = settings.linesKept == .first ? 0 : extent.lines - count
    return Response(
      status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
      body: LogBodies.document(job.log, from: first, count: count))
  }

  private func maxLogLines(_ request: Request) throws -> Int {
    guard let text = request.uri.queryParameters["maxLogLines"] else {
      return Settings.defaultLogLines
    }
    guard let count = Int(text), count > 0 else {
      throw APIError.badRequest("maxLogLines must be a positive integer.")
    }
    return count
  }

  private func tail(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let job = try lookup.job(context)
    // The connection is watched for the client's leaving, and so cannot carry a second request.
    return Response(
      status: .ok,
      headers: [
        .contentType: settings.framing.contentType, .cacheControl: "no-cache",
        .connection: "close",
      ],
      body: try LogBodies.tail(
        job, framing: settings.framing, replays: settings.replaysTail, request: request))
  }

  private func download(_ request: Request, _ context: BasicRequestContext) throws -> Response {
    let job = try lookup.job(context)
    let asked = request.uri.queryParameters["filename"].map(String.init)
    let name = asked.flatMap { $0.isEmpty ? nil : $0 } ?? defaultName(of: job)
    return Response(
      status: .ok,
      headers: [
        .contentType: "text/plain; charset=utf-8",
        .contentDisposition: "attachment; filename=\(HeaderText.quoted(name))",
      ],
      body: LogBodies.text(job.log))
  }

  private func defaultName(of job: Job) -> String {
    let id = job.content.id
    return "rstudio-connect.\(id).\(id).\(id).\(json.tag(of: job)).\(job.key).log"
  }

  private func loggedError(_ context: BasicRequestContext) throws -> Response {
    guard let failure = try lookup.job(context).state.failure else {
      return Response(status: .noContent)
    }
    return Response(json: json.loggedError(failure))
  }

  private func kill(_ context: BasicRequestContext) throws -> Response {
    let job = try lookup.job(context)
    guard runner.kill(job) else { throw APIError.notActive }
    return Response(json: json.killOrder(job))
  }
}

/// A file name in a header's quotes; what is not printable ASCII there becomes `_`.
enum HeaderText {
  static func quoted(_ text: String) -> String {
    let safe = text.unicodeScalars.map { scalar -> Character in
      let isPlain = scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7F
      return isPlain && scalar != "\"" && scalar != "\\" ? Character(scalar) : "_"
    }
    return "\"\(String(safe))\""
  }
}
