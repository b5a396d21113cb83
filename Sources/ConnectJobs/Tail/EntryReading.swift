/// Reads entries from bytes as they arrive.
protocol EntryReading {
  func read(_ bytes: UnsafeRawBufferPointer, contentType: String) throws(ReadingFault)
  /// Ends the bytes; throws where something is missing.
  func end(_ head: ResponseHead) throws(Failure)
}

/// The one document of `/log`.
final class LogReader: EntryReading {
  private let reader: RecordReader
  private var isEmpty = true

  init(_ table: TableBuilder, maxEntryBytes: Int64?) {
    reader = RecordReader(table, .entries, maxEntryBytes: maxEntryBytes)
  }

  func read(_ bytes: UnsafeRawBufferPointer, contentType: String) throws(ReadingFault) {
    isEmpty = false
    try reader.read(bytes)
  }

  func end(_ head: ResponseHead) throws(Failure) {
    guard !isEmpty else { throw .emptyAnswer(head) }
    do throws(ReadingFault) {
      try reader.end()
    } catch {
      throw Failure(endingIn: error, head)
    }
  }
}

/// A tail, however it is framed.
final class TailReader: EntryReading {
  private let table: TableBuilder
  private let documents: RecordReader
  private let maxEntryBytes: Int64?
  private var framing = Framing.undecided
  private var list: RecordReader?

  init(_ table: TableBuilder, maxEntryBytes: Int64?) {
    self.table = table
    self.maxEntryBytes = maxEntryBytes
    documents = RecordReader(table, .object, maxEntryBytes: maxEntryBytes)
  }

  func read(_ bytes: UnsafeRawBufferPointer, contentType: String) throws(ReadingFault) {
    let skipped = framing.decide(bytes, contentType: contentType)
    let rest = UnsafeRawBufferPointer(rebasing: bytes[skipped...])
    switch framing {
    case .undecided: break
    case .documents: try documents.readDocuments(rest)
    case .array:
      let list = list ?? RecordReader(table, .array, maxEntryBytes: maxEntryBytes)
      self.list = list
      try list.read(rest)
    case .events(var events):
      defer { framing = .events(events) }
      try events.read(rest) { (piece) throws(ReadingFault) in try documents.readDocuments(piece) }
    }
  }

  /// What is cut off in the midst of an entry, or of a list, was not the stream's own end.
  func end(_ head: ResponseHead) throws(Failure) {
    guard !documents.isInsideRecord, list.map({ !$0.isInsideRecord }) ?? true else {
      throw Failure(.network, "The stream ended in the middle of an entry.")
    }
  }
}
