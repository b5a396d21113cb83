import CJSON
import Glibc

/// Where the records stand in a JSON document.
enum RecordShape {
  /// One object is one record; or several documents, one after another.
  case object
  /// `[record, …]`
  case array
  /// `{"entries": [record, …], …}`
  case entries

  /// How many containers are open inside a record.
  var depth: Int {
    switch self {
    case .object: 1
    case .array: 2
    case .entries: 3
    }
  }
}

/// Why a document could not be read.
enum ReadingFault: Error, Equatable {
  /// Not JSON, or cut off.
  case syntax(String)
  /// JSON, but not what the API says.
  case shape(String)
  case entryTooLarge
  case noMemory
}

/// Writes the records of a JSON document into columns as its bytes arrive: the path from the wire to
/// the table, without a text or an object between. Unknown fields are passed over, absent ones become
/// nulls, a field that comes twice has its last value.
///
/// There are two ways. Between two records the ``RecordScanner`` takes those that are complete in the
/// bytes and of the usual kind; all else goes to the parser, up to the next `}`, after which there may
/// be the space between two records again:
///
///     between records   the scanner takes some       -> between records
///                       it leaves the next one       -> parser
///     parser            fed up to a `}`, and a record ends there    -> between records
///                       it does not                                 -> parser
final class RecordReader {
  let table: TableBuilder
  private let shape: RecordShape
  private let events: RecordEvents
  private var scanner: RecordScanner
  private var mender = SurrogateMender()
  private var isComplete = false
  /// The parser has seen nothing since the last record ended, or since the first document's beginning.
  private var isBetweenRecords: Bool
  private var parser: OpaquePointer?

  init(_ table: TableBuilder, _ shape: RecordShape, maxEntryBytes: Int64?) {
    self.table = table
    self.shape = shape
    let most = maxEntryBytes.map { Int(clamping: $0) } ?? Int.max
    events = RecordEvents(table, shape, maxEntryBytes: most)
    scanner = RecordScanner(table, maxEntryBytes: most)
    isBetweenRecords = shape == .object
    parser = events.makeParser()
  }

  deinit {
    cjson_free(parser)
    scanner.release()
  }

  /// Begins anew, as for a repeated request.
  func restart() {
    table.reset()
    cjson_reset(parser)
    events.restart()
    mender = SurrogateMender()
    isComplete = false
    isBetweenRecords = shape == .object
  }

  /// Reads the next bytes of one document.
  func read(_ bytes: UnsafeRawBufferPointer) throws(ReadingFault) {
    var rest = bytes
    while !rest.isEmpty, !isComplete {
      if isBetweenRecords, shape != .object { skip(scanner.takeElements(rest), &rest) }
      isComplete = try parsePart(&rest, CJSON_DOCUMENT) == CJSON_DONE
    }
    guard rest.allSatisfy(isWhitespace) else { throw Self.trailing }
  }

  /// Reads the next bytes of documents that follow each other, with or without space between.
  func readDocuments(_ bytes: UnsafeRawBufferPointer) throws(ReadingFault) {
    var rest = bytes
    while !rest.isEmpty {
      if isBetweenRecords { skip(scanner.takeDocuments(rest), &rest) }
      _ = try parsePart(&rest, CJSON_STREAM)
    }
  }

  /// Ends the one document: nothing more will come.
  func end() throws(ReadingFault) {
    if isComplete {
      guard mender.isPlain else { throw Self.trailing }
    } else {
      _ = try mender.end().withUnsafeBufferPointer { (bytes) throws(ReadingFault) in
        var rest = UnsafeRawBufferPointer(bytes)
        return try write(&rest, CJSON_DOCUMENT_END)
      }
    }
    try events.end()
  }

  /// Whether a document is cut off in the middle.
  var isInsideRecord: Bool { events.isInsideDocument }

  // MARK: The parser

  private static let trailing = ReadingFault.syntax("something follows its end")

  private func skip(_ count: Int, _ bytes: inout UnsafeRawBufferPointer) {
    bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
  }

  /// Lets the parser read up to the next end of an object, and leaves the bytes behind it.
  private func parsePart(
    _ bytes: inout UnsafeRawBufferPointer, _ extent: cjson_extent
  ) throws(ReadingFault) -> cjson_status {
    if scanner.isOutOfMemory { throw .noMemory }
    guard !bytes.isEmpty else { return CJSON_MORE }
    let end = bytes.place(of: UInt8(ascii: "}")).map { $0 + 1 } ?? bytes.count
    var part = UnsafeRawBufferPointer(rebasing: bytes[..<end])
    let isEnd = part.last == UInt8(ascii: "}")
    defer { isBetweenRecords = isEnd && events.isBehindRecord }
    guard let mended = mender.mend(part) else {
      let status = try write(&part, extent)
      skip(end - part.count, &bytes)
      return status
    }
    skip(end, &bytes)
    return try mended.withUnsafeBufferPointer { (mended) throws(ReadingFault) in
      var rest = UnsafeRawBufferPointer(mended)
      let status = try write(&rest, extent)
      guard rest.allSatisfy(isWhitespace) else { throw Self.trailing }
      return status
    }
  }

  /// Lets the parser go on until it has used all bytes, or the one document has ended.
  private func write(
    _ bytes: inout UnsafeRawBufferPointer, _ extent: cjson_extent
  ) throws(ReadingFault) -> cjson_status {
    guard let parser else { throw .noMemory }
    let empty: StaticString = ""
    while true {
      var used = 0
      let start = bytes.baseAddress ?? UnsafeRawPointer(empty.utf8Start)
      let status = cjson_write(
        parser, start.assumingMemoryBound(to: CChar.self), bytes.count, extent, &used)
      skip(used, &bytes)
      switch status {
      case CJSON_STOPPED: throw events.fault ?? .noMemory
      case CJSON_INVALID: throw .syntax(String(cString: cjson_problem(parser)))
      default: break
      }
      if bytes.isEmpty || status == CJSON_DONE && extent != CJSON_STREAM { return status }
    }
  }
}

private func isWhitespace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
}

extension UnsafeRawBufferPointer {
  /// Where a byte first stands.
  func place(of byte: UInt8) -> Int? {
    guard let start = baseAddress, let found = memchr(start, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(found) - start
  }
}
