/// Takes the entries of a log or a tail into columns, and holds the sender back while there are
/// enough of them.
final class EntrySink: BodySink {
  private let table: TableBuilder
  private let reader: any EntryReading
  private let maxBytes: Int64?
  private var bytes: Int64 = 0
  private(set) var failure: Failure?
  /// How many rows and bytes of text are held at most; 0 rows: no byte is taken.
  var mostRows: Int
  var mostBytes: Int

  /// What the bytes are.
  enum Kind {
    /// The one document of `/log`.
    case log
    /// Framed as a tail may be.
    case tail
    /// A job of a server before the Jobs API, with its log.
    case oldJob
    /// The text of `/download`.
    case download
  }

  init(
    _ job: JobName, _ kind: Kind, rows: Int, bytes: Int, _ call: Call,
    _ configuration: Configuration
  ) {
    table = TableBuilder(Schemas.entry, constants: Schemas.entryConstants(job))
    let longest = configuration.maxEntryBytes
    switch kind {
    case .log: reader = LogReader(table, maxEntryBytes: longest)
    case .tail: reader = TailReader(table, maxEntryBytes: longest)
    case .download: reader = DownloadReader(table, maxEntryBytes: longest)
    case .oldJob: reader = OldLogReader(job, table, maxEntryBytes: longest)
    }
    mostRows = rows
    mostBytes = bytes
    maxBytes = call.maxResponseBytes
  }

  var rows: Int { table.rows }

  /// Only where there is a row to give away: one entry may be larger than a whole batch.
  private var isFull: Bool {
    table.rows > 0 && (table.rows >= mostRows || table.textBytes >= mostBytes)
  }

  func receive(_ received: UnsafeRawBufferPointer, _ transfer: Transfer) -> SinkVerdict {
    guard !isFull else { return .notYet }
    bytes += Int64(received.count)
    if let maxBytes, bytes > maxBytes {
      failure = .responseTooLarge(maxBytes)
      return .refused
    }
    do throws(ReadingFault) {
      try reader.read(received, contentType: transfer.head.contentType)
      return .taken
    } catch {
      failure = Failure(error, transfer.head)
      return .refused
    }
  }

  /// The rows that have come, as a table; `nil`: none.
  func take() throws(Failure) -> Table? { table.rows > 0 ? try table.finish() : nil }

  func end(_ head: ResponseHead) throws(Failure) { try reader.end(head) }

  /// A follow decides by itself what to read again.
  func restart() -> Bool { false }
}

/// Counts the lines of a download, and stops when there are more than can matter.
final class LineCounter: BodySink {
  private let limit: Int
  private var newlines = 0
  private var endsOpen = false
  let failure: Failure? = nil

  init(limit: Int) {
    self.limit = limit
  }

  /// Lines so far, the last one also where it has no end.
  var count: Int { newlines + (endsOpen ? 1 : 0) }

  var isOver: Bool { count >= limit }

  func receive(_ received: UnsafeRawBufferPointer, _ transfer: Transfer) -> SinkVerdict {
    for byte in received where byte == 0x0a { newlines += 1 }
    if let last = received.last { endsOpen = last != 0x0a }
    return isOver ? .refused : .taken
  }

  func end(_ head: ResponseHead) {}

  func restart() -> Bool {
    newlines = 0
    endsOpen = false
    return true
  }
}
