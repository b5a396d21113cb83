/// Reads a JSON answer into a table as it arrives.
final class RecordSink: BodySink {
  private let reader: RecordReader
  private let maxBytes: Int64?
  private var bytes: Int64 = 0
  private var head = ResponseHead()
  private(set) var failure: Failure?

  /// - Parameter limitsTexts: no text may be longer than an entry.
  init(
    _ table: TableBuilder, _ shape: RecordShape, _ call: Call, _ configuration: Configuration,
    limitsTexts: Bool = true
  ) {
    reader = RecordReader(
      table, shape, maxEntryBytes: limitsTexts ? configuration.maxEntryBytes : nil)
    maxBytes = call.maxResponseBytes
  }

  func receive(_ received: UnsafeRawBufferPointer, _ transfer: Transfer) -> SinkVerdict {
    head = transfer.head
    bytes += Int64(received.count)
    if let maxBytes, bytes > maxBytes {
      failure = .responseTooLarge(maxBytes)
      return .refused
    }
    do throws(ReadingFault) {
      try reader.read(received)
      return .taken
    } catch {
      failure = Failure(error, head)
      return .refused
    }
  }

  func end(_ head: ResponseHead) throws(Failure) {
    self.head = head
    guard bytes > 0 else { throw .emptyAnswer(head) }
    do throws(ReadingFault) {
      try reader.end()
    } catch {
      throw Failure(endingIn: error, head)
    }
  }

  func restart() -> Bool {
    bytes = 0
    failure = nil
    reader.restart()
    return true
  }
}

extension Failure {
  /// Of an answer that could not be read.
  init(_ fault: ReadingFault, _ head: ResponseHead) {
    switch fault {
    case .noMemory: self = .noMemory
    case .entryTooLarge:
      self.init(
        .tooLarge,
        "One text in the answer is longer than max_entry_bytes allows. Raise that option, or use "
          + "the download.")
    case .shape(let what):
      self.init(
        .protocol,
        "The answer is JSON, but not what the Jobs API says: \(what). Check that the address is a "
          + "Posit Connect's.")
    case .syntax(let what):
      let isHTML = head.contentType.hasPrefix("text/html")
      self.init(
        .protocol,
        isHTML
          ? "The answer is a web page, not JSON. A login page or proxy may stand between: check the "
            + "address, and that it needs no other login."
          : "The answer is not whole or not JSON: \(what). Try again; if it goes on, look for a "
            + "proxy that changes answers.")
    }
    httpStatus = head.status
  }

  /// Of an answer that could be read as far as it came. One that ends in the middle was perhaps cut,
  /// where a server marks the end only by closing the connection: another try may help.
  init(endingIn fault: ReadingFault, _ head: ResponseHead) {
    self.init(fault, head)
    if case .syntax = fault { isRetryable = true }
  }

  static func responseTooLarge(_ limit: Int64) -> Failure {
    Failure(
      .tooLarge,
      "The answer has more than the \(limit) bytes that max_response_bytes allows. Raise that "
        + "option, ask for fewer lines, or use the download.")
  }

  static func emptyAnswer(_ head: ResponseHead) -> Failure {
    var failure = Failure(
      .protocol,
      "The answer (HTTP \(head.status)) is empty where there should be JSON. Check that the address "
        + "is a Posit Connect's.")
    failure.httpStatus = head.status
    failure.isRetryable = true
    return failure
  }
}
