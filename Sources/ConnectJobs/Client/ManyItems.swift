/// The jobs of many content items in one table, with many requests under way on one thread.
extension Client {
  package static let defaultConcurrency = 16

  /// - Throws: only what ends the whole call; an item that failed is a row of its own kind.
  package func jobsListMany(
    guids: [String], maxConcurrent: Int, _ options: CallOptions
  ) throws(Failure) -> Table {
    try attempt("jobs_list_many", options) { call throws(Failure) in
      guard maxConcurrent >= 0 else {
        throw Failure(
          .invalidArgument, "max_concurrent is negative. Give a number of requests, or 0.")
      }
      let atOnce = maxConcurrent == 0 ? Self.defaultConcurrency : maxConcurrent
      let session = try session()
      var items = try ManyItems(guids, self, call, isOld: session.api == .unversioned)
      try perform(items, atOnce: atOnce, &call)
      if session.api == nil, items.areUnsupported {
        let older = try ManyItems(guids, self, call, isOld: true)
        try perform(older, atOnce: atOnce, &call)
        if older.hasSuccess {
          session.note(.unversioned)
          items = older
        }
      }
      let all = try items.table()
      try call.hooks?.see(all, of: nil)
      return all
    }
  }
}

/// The lists of many content items. A request is made when its turn comes, and the reader of one that
/// has ended serves the next: memory is that of the few that are under way, and of the result.
private final class ManyItems: ExchangeSource {
  private let guids: [String]
  private let paths: [String]
  private let client: Client
  private let call: Call
  /// They are asked of a server before the Jobs API.
  private let isOld: Bool
  private var answers: [Result<Table, Failure>?]
  private var turn = 0
  private var underWay: [(exchange: Exchange, index: Int, list: JobList)] = []
  private var idle: [JobList] = []

  /// A list of jobs that is being read.
  private struct JobList {
    let table: TableBuilder
    let sink: RecordSink
  }

  /// - Throws: where a guid cannot be one.
  init(
    _ guids: [String], _ client: Client, _ call: Call, isOld: Bool
  ) throws(Failure) {
    self.isOld = isOld
    self.guids = guids
    self.client = client
    self.call = call
    var paths: [String] = []
    for guid in guids { paths.append(isOld ? try client.oldPath(guid) : try client.path(guid)) }
    self.paths = paths
    answers = Array(repeating: nil, count: guids.count)
  }

  func next() -> Exchange? {
    guard turn < guids.count else { return nil }
    let list = idle.popLast() ?? makeList()
    var request = Request(url: client.url(paths[turn]))
    // Most lists are short, and there are many at once.
    request.bufferSize = 64 * 1024
    let exchange = Exchange(request, list.sink, client.configuration)
    underWay.append((exchange, turn, list))
    turn += 1
    return exchange
  }

  private func makeList() -> JobList {
    let table = TableBuilder(isOld ? OldJobs.fields : Schemas.job)
    return JobList(table: table, sink: RecordSink(table, .array, call, client.configuration))
  }

  func ended(_ exchange: Exchange) throws(Failure) {
    guard let place = underWay.firstIndex(where: { $0.exchange === exchange }),
      case .done(let result) = exchange.state
    else { return }
    let (_, index, list) = underWay.remove(at: place)
    switch result {
    case .success:
      let jobs = try list.table.finish()
      answers[index] = .success(isOld ? try OldJobs.jobs(jobs) : jobs)
    case .failure(let failure): answers[index] = .failure(failure)
    }
    if list.sink.restart() { idle.append(list) }
  }

  /// All that was learned is that the server has no such endpoint.
  var areUnsupported: Bool {
    !answers.isEmpty
      && answers.allSatisfy {
        if case .failure(let failure) = $0 { failure.status == .unsupported } else { false }
      }
  }

  var hasSuccess: Bool {
    answers.contains { if case .success = $0 { true } else { false } }
  }

  /// The rows of all items, in their order.
  func table() throws(Failure) -> Table {
    let beside = TableBuilder(Schemas.besideJobOfMany)
    let noJob = TableBuilder(Schemas.job)
    try noJob.endRow()
    let emptyRow = try noJob.finish()
    guard let nothing = emptyRow.slice(0, 0) else { throw .noMemory }
    // An item that failed has a row without a job.
    var tables = [nothing]
    for (guid, answer) in zip(guids, answers) {
      switch answer {
      case .success(let jobs):
        tables.append(jobs)
        for _ in 0..<jobs.rows { try append(guid, nil, to: beside) }
      case .failure(let failure):
        tables.append(emptyRow)
        try append(guid, failure.redacting(client.configuration.apiKey), to: beside)
      case nil: break
      }
    }
    guard let jobs = Table.joining(tables) else { throw .noMemory }
    return Table(rows: jobs.rows, columns: jobs.columns + (try beside.finish()).columns)
  }

  private func append(
    _ guid: String, _ failure: Failure?, to beside: TableBuilder
  ) throws(Failure) {
    guard beside.stage(guid, at: 0) else { throw .noMemory }
    if let failure {
      beside.stage(Int64(failure.status.rawValue), "error_status")
      beside.stage(failure.apiCode == 0 ? nil : failure.apiCode, "error_code")
      try beside.stage(failure.message, "error")
    }
    try beside.endRow()
  }
}
