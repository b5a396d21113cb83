/// What servers before the Jobs API (before 2022.10.0) say of jobs, as the tables of today: integers
/// for ids, seconds since 1970, `finalized` for a status, and a log as two long texts.
enum OldJobs {
  static let fields = [
    Field("id", .text), Field("ppid", .text), Field("pid", .text), Field("key", .text),
    Field("remote_id", .text), Field("app_id", .text), Field("variant_id", .text),
    Field("bundle_id", .text), Field("start_time", .int64), Field("end_time", .int64),
    Field("last_heartbeat_time", .int64), Field("queued_time", .int64),
    Field("queue_name", .dictionary), Field("tag", .dictionary), Field("exit_code", .int32),
    Field("hostname", .dictionary), Field("cluster", .dictionary), Field("image", .dictionary),
    Field("run_as", .dictionary), Field("finalized", .bool),
  ]

  static let logFields = [Field("stdout", .text), Field("stderr", .text)]

  /// Jobs, with the columns of ``Schemas/job``.
  static func jobs(_ old: Table) throws(Failure) -> Table {
    let rows = TableBuilder(Schemas.job)
    for row in 0..<old.rows {
      for column in old.columns where !column.isNull(row) {
        guard let index = rows.index(column.field.name.description) else { continue }
        if column.field.kind == .int64 {
          let (time, isTooLate) = column.number(row).multipliedReportingOverflow(by: 1_000_000_000)
          if !isTooLate { rows.columns[index].stage(time) }
        } else if !rows.copy(column, row, to: index) {
          throw .noMemory
        }
      }
      if let isFinalized = old["finalized"], !isFinalized.isNull(row) {
        rows.stage(isFinalized.number(row) == 0 ? JobStatus.active : JobStatus.finalized, "status")
      }
      try rows.endRow()
    }
    return try rows.finish()
  }

  /// The entries of a log, both sources by time: each keeps its own order.
  static func entries(
    _ texts: Table, _ constants: [(field: Field, text: String)], maxEntryBytes: Int64?
  ) throws(Failure) -> Table {
    let table = TableBuilder(Schemas.entry, constants: constants)
    var stdoutRows = 0
    for source in ["stdout", "stderr"] {
      let reader = LogTextReader(table, source: source, maxEntryBytes: maxEntryBytes)
      do throws(ReadingFault) {
        if texts.rows > 0, let column = texts[source], !column.isNull(0) {
          try reader.read(UnsafeRawBufferPointer(column.text(0)))
        }
        try reader.end()
      } catch {
        throw Failure(error, ResponseHead())
      }
      if source == "stdout" { stdoutRows = table.rows }
    }
    let entries = try table.finish()
    let order = merged(entries, first: stdoutRows)
    return try order.withUnsafeBufferPointer { (rows) throws(Failure) in try entries.taking(rows) }
  }

  /// The rows of two runs by time. A line without a time stays behind the one before it.
  private static func merged(_ entries: Table, first: Int) -> [Int64] {
    guard let time = entries["timestamp"] else { return [] }
    var order: [Int64] = []
    order.reserveCapacity(entries.rows)
    var (a, b) = (0, first)
    while a < first || b < entries.rows {
      let takesFirst: Bool
      if a == first || b == entries.rows {
        takesFirst = a < first
      } else if time.isNull(a) || time.isNull(b) {
        takesFirst = time.isNull(a)
      } else {
        takesFirst = time.number(a) <= time.number(b)
      }
      order.append(Int64(takesFirst ? a : b))
      if takesFirst { a += 1 } else { b += 1 }
    }
    return order
  }
}

/// One job of such a server, read for its log. The texts come at its end: all of the log is held.
final class OldLogReader: EntryReading {
  private let job: JobName
  private let table: TableBuilder
  private let texts = TableBuilder(OldJobs.logFields)
  private let reader: RecordReader
  private let maxEntryBytes: Int64?

  init(_ job: JobName, _ table: TableBuilder, maxEntryBytes: Int64?) {
    self.job = job
    self.table = table
    self.maxEntryBytes = maxEntryBytes
    // The limit is for a line, not for the whole text.
    reader = RecordReader(texts, .object, maxEntryBytes: nil)
  }

  func read(_ bytes: UnsafeRawBufferPointer, contentType: String) throws(ReadingFault) {
    try reader.read(bytes)
  }

  func end(_ head: ResponseHead) throws(Failure) {
    do throws(ReadingFault) {
      try reader.end()
    } catch {
      throw Failure(endingIn: error, head)
    }
    let entries = try OldJobs.entries(try texts.finish(), [], maxEntryBytes: maxEntryBytes)
    for row in 0..<entries.rows {
      for (index, column) in entries.columns.enumerated() where !column.isNull(row) {
        guard table.copy(column, row, to: index) else { throw .noMemory }
      }
      try table.endRow()
    }
  }
}
