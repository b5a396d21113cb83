/// Finds the jobs of one content item for a follow of all of them: those that are active when it
/// begins, and each that starts later.
///
///     listing --jobs-->           resting
///             --may pass-->       resting, until the budget is spent; then failed
///             --stays-->          failed
///     resting --time is up-->     listing
final class Discovery {
  let guid: String
  private let client: Client
  private let call: Call
  private let options: TailOptions
  private var listing: Listing?
  private var restsUntil = Instant.now

  private struct Listing {
    let exchange: Exchange
    let jobs: TableBuilder
    let isOld: Bool
  }

  private var known: Set<String> = []
  private var isFirst = true
  private var troubleSince: Instant?
  private(set) var failure: Failure?

  /// How long a new job may go unnoticed, in milliseconds.
  private static let period: Int64 = 2_000

  init(
    _ guid: String, _ options: TailOptions, _ client: Client, _ call: Call
  ) throws(Failure) {
    _ = try client.path(guid)
    self.guid = guid
    self.client = client
    self.call = call
    self.options = options
  }

  var nextDue: Instant? {
    guard failure == nil else { return nil }
    return listing?.exchange.nextDue ?? restsUntil
  }

  /// The follows of jobs that have been found.
  func advance(
    _ session: Session, _ reactor: Reactor, _ now: Instant
  ) throws(Failure) -> [Follower] {
    guard failure == nil else { return [] }
    if listing == nil, now >= restsUntil { listing = try list(old: session.api == .unversioned) }
    guard let listing else { return [] }
    listing.exchange.advance(session, reactor, now)
    switch listing.exchange.state {
    case .running: return []
    case .ready(let at):
      if at <= now { try listing.exchange.start(session, reactor) }
      return []
    case .done(let result):
      self.listing = nil
      restsUntil = now + Self.period
      if case .failure(let failure) = result, failure.status == .unsupported, session.api == nil,
        !listing.isOld
      {
        // It may be a server before the Jobs API.
        self.listing = try list(old: true)
        return []
      }
      if case .success = result { session.note(listing.isOld ? .unversioned : .jobs) }
      return try listed(result, listing.jobs, now)
    }
  }

  private func list(old: Bool) throws(Failure) -> Listing {
    let jobs = TableBuilder(old ? OldJobs.fields : Schemas.job)
    let sink = RecordSink(jobs, .array, call, client.configuration)
    let request = Request(url: client.url(old ? try client.oldPath(guid) : try client.path(guid)))
    return Listing(
      exchange: Exchange(request, sink, client.configuration), jobs: jobs, isOld: old)
  }

  private func listed(
    _ result: Result<ResponseHead, Failure>, _ jobs: TableBuilder, _ now: Instant
  ) throws(Failure) -> [Follower] {
    if case .failure(let failure) = result {
      let since = troubleSince ?? now
      troubleSince = since
      // What was listed once is not gone because something between does not know it for a while.
      var mayPass = !isFirst && failure.status != .notFound
      if case .passing = Trouble(failure) { mayPass = true }
      if mayPass, now - since < options.budget { return [] }
      self.failure = failure
      return []
    }
    troubleSince = nil
    var table = try jobs.finish()
    if jobs.index("finalized") != nil { table = try OldJobs.jobs(table) }
    try call.hooks?.see(table, of: guid)
    defer { isFirst = false }
    var found: [Follower] = []
    for row in 0..<table.rows {
      guard let key = table.string("key", row), known.insert(key).inserted else { continue }
      let isActive = table.integer("status", row) == JobStatus.active
      guard isActive || !isFirst else { continue }
      var wanted = options
      // What starts during the follow is wanted from its first line.
      if !isFirst, options.start == .now { wanted.start = .first }
      found.append(try Follower(JobName(guid: guid, key: key), wanted, client, call))
    }
    return found
  }
}
