/// Takes a tail's bytes into the columns of the next batch, and holds the sender back when the
/// batch is full.
final class EntrySink: BodySink {
  private let table: TableBuilder
  private let reader: RecordReader
  private let options: TailOptions
  private let maxBytes: Int64?
  private var bytes: Int64 = 0
  private(set) var failure: Failure?
  private(set) var hasReceived = false

  init(_ job: JobName, _ options: TailOptions, _ call: Call, _ configuration: Configuration) {
    table = TableBuilder(Schemas.entry, constants: Schemas.entryConstants(job))
    reader = RecordReader(table, .object, maxEntryBytes: configuration.maxEntryBytes)
    self.options = options
    maxBytes = call.maxResponseBytes
  }

  var rows: Int { table.rows }

  private var isFull: Bool { table.rows >= options.rows || table.textBytes >= options.bytes }

  func receive(_ received: UnsafeRawBufferPointer, _ transfer: Transfer) -> SinkVerdict {
    guard !isFull else { return .notYet }
    hasReceived = true
    bytes += Int64(received.count)
    do throws(ReadingFault) {
      if let maxBytes, bytes > maxBytes {
        failure = .responseTooLarge(maxBytes)
        return .refused
      }
      try reader.readDocuments(received)
      return .taken
    } catch {
      failure = Failure(error, transfer.head)
      return .refused
    }
  }

  /// The rows that have come.
  func takeBatch() throws(Failure) -> Table { try table.finish() }

  func end(_ head: ResponseHead) throws(Failure) {
    guard !reader.isInsideRecord else {
      throw Failure(.network, "The stream ended in the middle of an entry. Follow the job again.")
    }
  }

  /// What has come was perhaps delivered already.
  func restart() -> Bool { !hasReceived }
}
