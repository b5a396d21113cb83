@testable import ConnectJobs

/// How a test hands a document to a reader: in one piece, byte by byte, or cut somewhere.
enum Pieces {
  case whole
  case bytes
  case cut(at: [Int])

  func of(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    switch self {
    case .whole: return [bytes[...]]
    case .bytes: return bytes.indices.map { bytes[$0...$0] }
    case .cut(let places):
      let bounds = [0] + places + [bytes.count]
      return zip(bounds, bounds.dropFirst()).map { bytes[$0..<$1] }
    }
  }
}

/// A field of each type.
let oneOfEach = [
  Field("text", .text), Field("word", .dictionary), Field("small", .int32), Field("large", .int64),
  Field("flag", .bool), Field("time", .timestamp),
]

extension RecordReader {
  func read(_ bytes: some Sequence<UInt8>) throws(ReadingFault) {
    // A copy of its own: the sanitizer sees a read beyond it.
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: Array(bytes).count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: Array(bytes))
    try read(UnsafeRawBufferPointer(copy))
  }

  func readDocuments(_ bytes: some Sequence<UInt8>) throws(ReadingFault) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: Array(bytes).count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: Array(bytes))
    try readDocuments(UnsafeRawBufferPointer(copy))
  }
}

/// The table that one document makes.
func read(
  _ json: some Sequence<UInt8>, _ shape: RecordShape, _ fields: [Field] = oneOfEach,
  _ pieces: Pieces = .whole, maxEntryBytes: Int64? = nil
) throws -> Table {
  let table = TableBuilder(fields)
  let reader = RecordReader(table, shape, maxEntryBytes: maxEntryBytes)
  for piece in pieces.of(Array(json)) { try reader.read(piece) }
  try reader.end()
  return try table.finish()
}

func read(
  _ json: String, _ shape: RecordShape, _ fields: [Field] = oneOfEach, _ pieces: Pieces = .whole,
  maxEntryBytes: Int64? = nil
) throws -> Table {
  try read(Array(json.utf8), shape, fields, pieces, maxEntryBytes: maxEntryBytes)
}

/// One record of the fields of each type.
func readRecord(_ json: String, _ pieces: Pieces = .whole) throws -> Table {
  try read(json, .object, oneOfEach, pieces)
}

/// Why a document cannot be read; `nil` where it can.
func fault(
  _ json: some Sequence<UInt8>, _ shape: RecordShape, _ pieces: Pieces = .whole,
  maxEntryBytes: Int64? = nil
) -> ReadingFault? {
  do {
    _ = try read(json, shape, oneOfEach, pieces, maxEntryBytes: maxEntryBytes)
    return nil
  } catch {
    return error as? ReadingFault
  }
}

func fault(
  _ json: String, _ shape: RecordShape, _ pieces: Pieces = .whole, maxEntryBytes: Int64? = nil
) -> ReadingFault? {
  fault(Array(json.utf8), shape, pieces, maxEntryBytes: maxEntryBytes)
}

/// The failure that a call throws; `nil` where it throws none.
func failure<Result>(_ body: () throws(Failure) -> Result) -> Failure? {
  do throws(Failure) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}
