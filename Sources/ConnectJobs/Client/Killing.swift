/// Kill orders, and waiting for what they do.
extension Client {
  /// Orders jobs to be killed: a row a key, in the order given.
  ///
  /// - Parameter confirm: milliseconds to wait until each is no longer active; 0: not at all.
  package func kill(
    guid: String, keys: [String], confirm: Int64, _ options: CallOptions
  ) throws(Failure) -> Table {
    try attempt("job_kill", options) { call throws(Failure) in
      try kill(guid, keys, confirm, &call)
    }
  }

  /// The same for every job that is active now.
  package func killActive(
    guid: String, confirm: Int64, _ options: CallOptions
  ) throws(Failure) -> Table {
    try attempt("job_kill_active", options) { call throws(Failure) in
      try check(confirm)
      let jobs = try jobs(of: guid, &call)
      var keys: [String] = []
      for row in 0..<jobs.rows where jobs.integer("status", row) == JobStatus.active {
        if let key = jobs.string("key", row) { keys.append(key) }
      }
      return try kill(guid, keys, confirm, &call)
    }
  }

  private func kill(
    _ guid: String, _ keys: [String], _ confirm: Int64, _ call: inout Call
  ) throws(Failure) -> Table {
    try check(confirm)
    var orders: [KillOrder] = []
    for key in keys {
      orders.append(try KillOrder(JobName(guid: guid, key: key), self, call))
    }
    if !orders.isEmpty {
      try send(orders, of: guid, &call)
      if confirm > 0 {
        _ = try call.until(.now + confirm) { (call) throws(Failure) in
          try awaitEnds(of: orders, &call)
        }
      }
    }
    return try table(of: orders)
  }

  /// Sends the orders. Hooks are told of each that may have arrived, also where the call ends early.
  private func send(
    _ orders: [KillOrder], of guid: String, _ call: inout Call
  ) throws(Failure) {
    var ending: Failure?
    do throws(Failure) {
      try perform(orders.map(\.exchange), atOnce: Self.defaultConcurrency, &call)
    } catch {
      ending = error
    }
    if let hooks = call.hooks, hooks.listens(to: .killOrdered) {
      try hooks.order(try table(of: orders.filter(\.wasSent)), of: guid)
    }
    if let ending { throw ending }
  }

  private func check(_ confirm: Int64) throws(Failure) {
    guard confirm >= 0 else {
      throw Failure(
        .invalidArgument, "confirm_ms is negative. Give milliseconds, or 0 not to wait.")
    }
  }

  private func table(of orders: [KillOrder]) throws(Failure) -> Table {
    let rows = TableBuilder(Schemas.kill)
    for order in orders {
      try rows.stage(order.job.key, "job_key")
      if let failure = order.failure?.redacting(configuration.apiKey) {
        rows.stage(failure.apiCode == 0 ? nil : failure.apiCode, "code")
        try rows.stage(failure.message, "error")
        rows.stage(Int64(failure.status.rawValue), "error_status")
      } else {
        let answer = try order.answer.finish()
        if answer.rows == 1 {
          try rows.stage(answer.string("result", 0), "result")
          try rows.stage(answer.string("guid", 0), "order_guid")
          try rows.stage(answer.string("app_guid", 0), "app_guid")
          rows.stage(answer.integer("app_id", 0), "app_id")
          rows.stage(answer.integer("job_id", 0), "job_id")
        }
      }
      rows.stage(order.hasEnded.map { $0 ? 1 : 0 }, "ended")
      try rows.endRow()
    }
    return try rows.finish()
  }

  /// Looks at the jobs whose order was registered until none is active.
  private func awaitEnds(
    of orders: [KillOrder], _ call: inout Call
  ) throws(Failure) {
    for order in orders where order.isSettled { order.hasEnded = true }
    var waiting = orders.filter { $0.failure == nil }
    for order in waiting { order.hasEnded = false }
    var pace = PollingPace()
    while !waiting.isEmpty {
      let looks = try waiting.map { order throws(Failure) in try JobLook(order.job, self, call) }
      try perform(looks.map(\.exchange), atOnce: Self.defaultConcurrency, &call)
      var still: [KillOrder] = []
      for (order, look) in zip(waiting, looks) {
        if try look.hasEnded() {
          order.hasEnded = true
          try call.hooks?.end(look.found, order.job)
        } else {
          still.append(order)
        }
      }
      waiting = still
      if !waiting.isEmpty { try pause(pace.next(), &call) }
    }
  }
}

/// One job's kill order.
private final class KillOrder {
  let job: JobName
  let answer = TableBuilder(Schemas.killOrder)
  let exchange: Exchange
  var hasEnded: Bool?

  init(_ job: JobName, _ client: Client, _ call: Call) throws(Failure) {
    self.job = job
    let request = Request(method: .delete, url: client.url(try client.path(job)))
    let sink = RecordSink(answer, .object, call, client.configuration)
    exchange = Exchange(request, sink, client.configuration)
  }

  var failure: Failure? {
    guard case .done(.failure(let failure)) = exchange.state else { return nil }
    return failure
  }

  var wasSent: Bool { if case .ready = exchange.state { false } else { true } }

  /// Connect refused the order because the job is not active: it has ended already.
  var isSettled: Bool { failure?.status == .conflict && failure?.apiCode == 163 }
}

/// One look at a job's state.
private final class JobLook {
  let exchange: Exchange
  private let row = TableBuilder(Schemas.job)
  /// The job's row; `nil`: the server does not know the job.
  private(set) var found: Table?

  init(_ job: JobName, _ client: Client, _ call: Call) throws(Failure) {
    let request = Request(url: client.url(try client.path(job)))
    let sink = RecordSink(row, .object, call, client.configuration)
    exchange = Exchange(request, sink, client.configuration)
  }

  /// A job that the server no longer knows has ended; one that cannot be seen now may not have.
  func hasEnded() throws(Failure) -> Bool {
    guard case .done(let result) = exchange.state else { return false }
    switch result {
    case .failure(let failure): return failure.status == .notFound
    case .success:
      let table = try row.finish()
      found = table
      return (table.integer("status", 0) ?? JobStatus.active) != JobStatus.active
    }
  }
}
