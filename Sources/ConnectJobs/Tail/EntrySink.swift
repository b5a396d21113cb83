/// Takes the entries of a log or a tail into columns, and holds the sender back while there are
/// enough of them.
final class EntrySink: BodySink {
  private let table: TableBuilder
  private let reader: RecordReader
  private let isTail: Bool
  private let maxBytes: Int64?
  private var framing = Framing.undecided
  private var list: RecordReader?
  private let maxEntryBytes: Int64?
  private var bytes: Int64 = 0
  private(set) var failure: Failure?
  /// How many rows and bytes of text are held at most; 0 rows: no byte is taken.
  var mostRows: Int
  var mostBytes: Int

  /// - Parameter isTail: framed as a tail may be; else the one document of `/log`.
  init(
    _ job: JobName, isTail: Bool, rows: Int, bytes: Int, _ call: Call,
    _ configuration: Configuration
  ) {
    table = TableBuilder(Schemas.entry, constants: Schemas.entryConstants(job))
    reader = RecordReader(
      table, isTail ? .object : .entries, maxEntryBytes: configuration.maxEntryBytes)
    self.isTail = isTail
    maxEntryBytes = configuration.maxEntryBytes
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
      try isTail ? readTail(received, transfer.head.contentType) : reader.read(received)
      return .taken
    } catch {
      failure = Failure(error, transfer.head)
      return .refused
    }
  }

  private func readTail(
    _ received: UnsafeRawBufferPointer, _ contentType: String
  ) throws(ReadingFault) {
    let skipped = framing.decide(received, contentType: contentType)
    let rest = UnsafeRawBufferPointer(rebasing: received[skipped...])
    switch framing {
    case .undecided: break
    case .documents: try reader.readDocuments(rest)
    case .array:
      let list = list ?? RecordReader(table, .array, maxEntryBytes: maxEntryBytes)
      self.list = list
      try list.read(rest)
    case .events(var events):
      defer { framing = .events(events) }
      try events.read(rest) { (piece) throws(ReadingFault) in try reader.readDocuments(piece) }
    }
  }

  /// The rows that have come, as a table; `nil`: none.
  func take() throws(Failure) -> Table? { table.rows > 0 ? try table.finish() : nil }

  func end(_ head: ResponseHead) throws(Failure) {
    if isTail {
      // What is cut off in the midst of an entry, or of a list, was not the stream's own end.
      guard !reader.isInsideRecord, list.map({ !$0.isInsideRecord }) ?? true else {
        throw Failure(.network, "The stream ended in the middle of an entry.")
      }
      return
    }
    guard bytes > 0 else { throw .emptyAnswer(head) }
    do throws(ReadingFault) {
      try reader.end()
    } catch {
      throw Failure(endingIn: error, head)
    }
  }

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
