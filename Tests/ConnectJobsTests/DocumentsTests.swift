import Testing

@testable import ConnectJobs

@Suite("Documents one after another")
struct DocumentsTests {
  private static let entries = [
    #"{"source":"stdout","timestamp":"2024-12-06T19:09:29.948016766Z","data":"first 😀"}"#,
    #"{"data":"s\u00e9cond","source":"stderr"}"#, "{}", #"{"data":"","unknown":{"a":[1]}}"#,
    #"{"source":"stdout","timestamp":"","data":"l\ud83d\ude00st"}"#,
  ]

  private static let expected: [[Cell]] = [
    ["stdout", 1_733_512_169_948_016_766, "first 😀"], ["stderr", nil, "sécond"], [nil, nil, nil],
    [nil, nil, ""], ["stdout", nil, "l😀st"],
  ]

  @Test(
    "are rows, with any space or none between them",
    arguments: ["", "\n", "\r\n", " ", "\n\n \t\n"])
  func separators(separator: String) throws {
    let json = separator + Self.entries.joined(separator: separator) + separator
    for pieces in Pieces.all(of: json) {
      #expect(try batches(json, pieces).flatMap(\.self) == Self.expected)
    }
  }

  @Test("are taken as batches at any moment, and none loses or changes a row")
  func batchesAnywhere() throws {
    let json = Self.entries.joined(separator: "\n")
    for pieces in Pieces.all(of: json) {
      let taken = try batches(json, pieces, afterEach: true)
      #expect(taken.flatMap(\.self) == Self.expected)
    }
  }

  @Test("are taken as batches in the middle of a row whose text, word and numbers are half there")
  func batchesInsideRow() throws {
    let table = TableBuilder(oneOfEach)
    let reader = RecordReader(table, .object, maxEntryBytes: 6)
    try reader.readDocuments(Array(#"{"word":"same"}{"word":"same","text":"gone","#.utf8))
    try reader.readDocuments(Array(#""small":7,"large":8,"flag":true,"text":"abc"#.utf8))
    #expect(try table.finish().allCells == [[nil, "same", nil, nil, nil, nil]])
    #expect(try table.finish().rows == 0)
    try reader.readDocuments(Array(#"def","time":"1970-01-01T00:00:00.0"#.utf8))
    #expect(try table.finish().rows == 0)
    try reader.readDocuments(Array(#"01Z"}"#.utf8))
    #expect(try table.finish().allCells == [["abcdef", "same", 7, 8, true, 1_000_000]])
    try reader.readDocuments(Array("{}".utf8))
    #expect(try table.finish().allCells == [[nil, nil, nil, nil, nil, nil]])
  }

  @Test("keep the limit of one text across batches")
  func limitAcrossBatches() throws {
    for name in ["text", "word"] {
      let table = TableBuilder(oneOfEach)
      let reader = RecordReader(table, .object, maxEntryBytes: 6)
      try reader.readDocuments(Array(#"{}{"\#(name)":"abcd"#.utf8))
      _ = try table.finish()
      #expect(throws: ReadingFault.entryTooLarge) {
        try reader.readDocuments(Array(#"efg"}"#.utf8))
      }
    }
  }

  @Test(
    "that are no objects are a fault", arguments: ["1 ", "\"x\"", "null", "true", "{}\n2\n"])
  func otherValues(json: String) {
    let reader = RecordReader(TableBuilder(Schemas.entry), .object, maxEntryBytes: nil)
    #expect(throws: ReadingFault.shape("it is not an object")) {
      try reader.readDocuments(Array(json.utf8))
    }
  }

  @Test("that are lists are a fault")
  func lists() {
    for json in ["[]", "{}[1]", "{} [{}]"] {
      let reader = RecordReader(TableBuilder(Schemas.entry), .object, maxEntryBytes: nil)
      #expect(throws: ReadingFault.shape("a record is not an object")) {
        try reader.readDocuments(Array(json.utf8))
      }
    }
  }

  @Test(
    "with anything else between them are a fault", arguments: [",", "\0", "x", "\u{1e}", ":", "]"])
  func garbage(between: String) {
    let json = Array("{}\(between){}".utf8)
    for pieces in [.whole, .bytes] as [Pieces] {
      let reader = RecordReader(TableBuilder(Schemas.entry), .object, maxEntryBytes: nil)
      #expect(throws: ReadingFault.self) {
        for piece in pieces.of(json) { try reader.readDocuments(piece) }
      }
    }
  }

  @Test("in their thousands come in order, in pieces and batches of any size")
  func many() throws {
    var numbers = SeededNumbers()
    var json: [UInt8] = []
    for row in 0..<20_000 { json += Array(#"{"data":"\#(row)","source":"\#(row % 3)"}"#.utf8) }
    let table = TableBuilder(Schemas.entry)
    let reader = RecordReader(table, .object, maxEntryBytes: nil)
    var next = 0
    var at = 0
    while at < json.count {
      let length = min(json.count - at, Int.random(in: 1...5_000, using: &numbers))
      try reader.readDocuments(json[at..<at + length])
      at += length
      if numbers.bool(3) || at == json.count { next = try check(try table.finish(), from: next) }
    }
    #expect(next == 20_000, "seed \(numbers.seed)")
  }

  private func check(_ batch: Table, from first: Int) throws -> Int {
    let rows = first..<first + batch.rows
    #expect(batch.cells("data") == rows.map { Cell("\($0)") })
    #expect(batch.cells("source") == rows.map { Cell("\($0 % 3)") })
    return rows.upperBound
  }

  private func batches(
    _ json: String, _ pieces: Pieces, afterEach: Bool = false
  ) throws -> [[[Cell]]] {
    let table = TableBuilder(Schemas.entry)
    let reader = RecordReader(table, .object, maxEntryBytes: nil)
    var batches: [[[Cell]]] = []
    for piece in pieces.of(Array(json.utf8)) {
      try reader.readDocuments(piece)
      if afterEach { batches.append(try table.finish().allCells) }
    }
    return batches + [try table.finish().allCells]
  }
}
