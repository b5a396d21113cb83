import Hummingbird

/// The endpoints that servers before 2022.10.0 have in the place of the Jobs API.
struct OldJobRoutes: Sendable {
  let lookup: Lookup
  let json: JobJSON

  func add(to api: some RouterMethods<BasicRequestContext>) {
    api.get("applications/{guid}/jobs") { _, context in
      let content = try lookup.myContent(context)
      return Response(
        json: .array(lookup.store.jobs(of: content).map { .object(json.oldItem($0)) }))
    }
    api.get("applications/{guid}/job/{key}") { _, context in
      let job = try lookup.job(context)
      return Response(
        status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
        body: LogBodies.oldJob(json.oldItem(job), job.log))
    }
  }
}
