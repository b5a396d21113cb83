// libFuzzer's target, compiled into one module with the core by run.sh. The first byte of an input
// chooses what is fuzzed, the second how the rest is cut into pieces.

/// Ends the run, so that libFuzzer keeps the input.
func fail(_ why: String) -> Never { fatalError(why) }

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: start, count: count)
  guard input.count >= 2 else { return 0 }
  let body = Array(input.dropFirst(2))
  switch input[0] % 8 {
  case 0: fuzzReader(.array, body, cut: input[1])
  case 1: fuzzReader(.entries, body, cut: input[1])
  case 2: fuzzReader(.object, body, cut: input[1])
  case 3: fuzzDocuments(body, cut: input[1])
  case 4: fuzzAddress(String(decoding: body, as: UTF8.self))
  case 5: fuzzTexts(body)
  case 6: fuzzSignature(String(decoding: body, as: UTF8.self))
  default: fuzzManifest(body)
  }
  return 0
}

private let fields = [
  Field("text", .text), Field("word", .dictionary), Field("small", .int32), Field("large", .int64),
  Field("flag", .bool), Field("time", .timestamp),
]

/// Pieces of changing length, from 1 byte up.
private func pieces(_ body: [UInt8], _ cut: UInt8) -> [[UInt8]] {
  var pieces: [[UInt8]] = []
  var at = 0
  var state = UInt(cut) + 1
  while at < body.count {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let length = min(body.count - at, 1 + Int(state >> 60))
    pieces.append(Array(body[at..<at + length]))
    at += length
  }
  return pieces
}

private func read(
  _ reader: RecordReader, _ pieces: [[UInt8]], asDocuments: Bool = false
) -> ReadingFault? {
  do throws(ReadingFault) {
    for piece in pieces {
      // A block of its own size: the sanitizer sees a read beyond it.
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
      defer { copy.deallocate() }
      copy.copyBytes(from: piece)
      let bytes = UnsafeRawBufferPointer(copy)
      try asDocuments ? reader.readDocuments(bytes) : reader.read(bytes)
    }
    if !asDocuments { try reader.end() }
    return nil
  } catch {
    return error
  }
}

/// One document: the same in one piece, in many, and after a restart.
private func fuzzReader(_ shape: RecordShape, _ body: [UInt8], cut: UInt8) {
  let limit = cut & 1 == 0 ? nil : Int64(cut)
  let (whole, parted) = (TableBuilder(fields), TableBuilder(fields))
  let wholeFault = read(RecordReader(whole, shape, maxEntryBytes: limit), [body])
  let reader = RecordReader(parted, shape, maxEntryBytes: limit)
  for _ in 0..<2 {
    let fault = read(reader, pieces(body, cut))
    guard (fault == nil) == (wholeFault == nil) else {
      fail("\(String(describing: wholeFault)) whole, \(String(describing: fault)) in pieces")
    }
    guard cut & 2 == 0 else { break }
    reader.restart()
  }
  guard wholeFault == nil, cut & 2 != 0 else { return }
  compare(rows(whole), rows(parted))
}

/// Documents one after another: the same in one batch and in many.
private func fuzzDocuments(_ body: [UInt8], cut: UInt8) {
  let (whole, parted) = (TableBuilder(fields), TableBuilder(fields))
  let wholeFault = read(
    RecordReader(whole, .object, maxEntryBytes: nil), [body], asDocuments: true)
  let reader = RecordReader(parted, .object, maxEntryBytes: nil)
  var batches: [[String]] = []
  var fault: ReadingFault?
  for piece in pieces(body, cut) where fault == nil {
    fault = read(reader, [piece], asDocuments: true)
    batches += rows(parted)
  }
  guard (fault == nil) == (wholeFault == nil) else {
    fail("\(String(describing: wholeFault)) whole, \(String(describing: fault)) in batches")
  }
  if fault == nil { compare(rows(whole), batches) }
}

private func compare(_ one: [[String]], _ other: [[String]]) {
  guard one == other else { fail("\(one) whole, \(other) in pieces") }
}

/// The rows that a builder has, and each column's layout checked.
private func rows(_ builder: TableBuilder) -> [[String]] {
  guard let table = try? builder.finish() else { fail("no table") }
  for column in table.columns {
    let nulls = (0..<column.length).filter(column.isNull).count
    if nulls != column.nullCount { fail("\(nulls) nulls, not \(column.nullCount)") }
  }
  return (0..<table.rows).map { row in table.columns.map { cell($0, row) } }
}

private func cell(_ column: Column, _ row: Int) -> String {
  if column.isNull(row) { return "null" }
  switch column.field.kind {
  case .text, .dictionary:
    guard let text = String(validating: column.text(row), as: UTF8.self) else {
      fail("text that is not UTF-8")
    }
    return text.debugDescription
  case .int32, .int64, .bool, .timestamp: return "\(column.number(row))"
  }
}

/// What is taken is plain, and is taken again as the same; what is refused is said on one line.
private func fuzzAddress(_ given: String) {
  do throws(Failure) {
    let address = try Address(given)
    guard address.text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !address.host.isEmpty,
      address.text.hasPrefix("http"), !address.text.hasSuffix("/"), !address.host.contains("@"),
      !address.text.utf8.contains(UInt8(ascii: "#")), !address.text.utf8.contains(UInt8(ascii: "?"))
    else { fail("taken as \(address)") }
    guard Address.origin(of: address.text) == address.origin else { fail("another origin") }
    // An /__api__ at the end is dropped once.
    guard address.text.hasSuffix("/__api__") || (try? Address(address.text)) == address else {
      fail("not the same a second time: \(address)")
    }
  } catch {
    guard error.status == .configuration, error.message.utf8.count < 1_000,
      error.message.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
    else { fail(error.message) }
  }
}

/// The small readers of text: none may read beyond its end, or trap.
private func fuzzTexts(_ body: [UInt8]) {
  body.withUnsafeBytes { bytes in
    _ = Timestamp.parse(bytes)
    var head = ResponseHead()
    head.read(bytes)
    head.read(bytes)
  }
  _ = APIError(body).text
  let text = String(decoding: body, as: UTF8.self)
  if let segment = try? PathSegment.encode(text, what: "job key") {
    guard segment.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"/\\?#".utf8.contains($0) }) else {
      fail("segment \(segment)")
    }
  }
}
