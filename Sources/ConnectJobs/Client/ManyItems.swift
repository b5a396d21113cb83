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
      var tables: [TableBuilder] = []
      var exchanges: [Exchange] = []
      for guid in guids {
        let table = TableBuilder(Schemas.job)
        let sink = RecordSink(table, .array, call, configuration)
        exchanges.append(Exchange(Request(url: url(try path(guid))), sink, configuration))
        tables.append(table)
      }
      if !exchanges.isEmpty { try perform(exchanges, atOnce: atOnce, &call) }
      let all = try gather(guids, tables, exchanges)
      try call.hooks?.see(all, of: nil)
      return all
    }
  }

  private func gather(
    _ guids: [String], _ tables: [TableBuilder], _ exchanges: [Exchange]
  ) throws(Failure) -> Table {
    let all = TableBuilder(Schemas.jobOfMany)
    for (index, exchange) in exchanges.enumerated() {
      guard case .done(let result) = exchange.state else { continue }
      switch result {
      case .success: try append(try tables[index].finish(), of: guids[index], to: all)
      case .failure(let failure): try append(failure, of: guids[index], to: all)
      }
    }
    return try all.finish()
  }

  private func append(
    _ jobs: Table, of guid: String, to all: TableBuilder
  ) throws(Failure) {
    for row in 0..<jobs.rows {
      for (index, column) in jobs.columns.enumerated() where !column.isNull(row) {
        guard all.copy(column, row, to: index) else { throw .noMemory }
      }
      try all.stage(guid, "requested_guid")
      try all.endRow()
    }
  }

  private func append(
    _ failure: Failure, of guid: String, to all: TableBuilder
  ) throws(Failure) {
    let shown = failure.redacting(configuration.apiKey)
    try all.stage(guid, "requested_guid")
    all.stage(Int64(shown.status.rawValue), "error_status")
    all.stage(shown.apiCode == 0 ? nil : shown.apiCode, "error_code")
    try all.stage(shown.message, "error")
    try all.endRow()
  }
}

extension TableBuilder {
  /// Stages a value that is not null, of a column of the same type.
  func copy(_ column: Column, _ row: Int, to index: Int) -> Bool {
    switch column.field.kind {
    case .text, .dictionary:
      let bytes = column.text(row)
      if let start = bytes.baseAddress {
        guard columns[index].append(start, bytes.count) else { return false }
      }
      columns[index].stageText()
    case .int32, .int64, .bool, .timestamp: columns[index].stage(column.number(row))
    }
    return true
  }
}
