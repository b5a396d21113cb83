import Testing

@testable import ConnectJobs

/// Makes records of all kinds, well formed or nearly so.
private struct RecordMaker {
  var numbers = SeededNumbers()

  mutating func any<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &numbers)]
  }

  mutating func isOne(in count: Int) -> Bool { numbers.bool(count) }

  mutating func space() -> String { isOne(in: 4) ? any(["", " ", "\n", "\t ", "\r\n"]) : "" }

  mutating func text() -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0..<8, using: &numbers) {
      text += any([
        "a", "word ", "0123456789abcdef", "é", "😀", "\u{7f}", "\\n", "\\\"", "\\\\", "\\/",
        "\\u00e9",
        "\\ud83d\\ude00", "\\ud83d", "\\udE00", "\\u0000", "{", "}", "[", ",", ":",
      ])
    }
    if isOne(in: 200) { text += any(["\\x", "\\u12g4", "\u{1}", "\\"]) }
    if isOne(in: 300) { text += String(repeating: "long ", count: 1_000) }
    return "\"\(text)\""
  }

  mutating func time() -> String {
    let written = any([
      "2024-12-06T19:09:29Z", "2024-12-06T19:09:29.9Z", "2024-12-06T19:09:29.948016Z",
      "2024-12-06T19:09:29.94801676Z", "2024-12-06T19:09:29.948016766Z",
      "2024-12-07T00:00:00.000000001Z", "2024-12-06T19:09:60Z", "2024-12-06T19:09:29.5+01:00",
      "2024-12-06T19:09:29.948016766-07:00", "0001-01-01T00:00:00Z", "", "1500-01-01T00:00:00Z",
    ])
    return isOne(in: 200)
      ? any([
        "\"2024-13-06T19:09:29Z\"", "\"2024-12-06\"", "\"2024-12-06T19:09:29.Z\"",
        "\"2024-12-06T19:09:29.1234567891Z\"", "\"2024-12-06T19:09:2xZ\"",
        "\"2024-12-06T19:09:29Zx\"",
      ]) : "\"\(written)\""
  }

  mutating func number() -> String {
    any([
      "0", "1", "-1", "42", "2147483647", "-2147483648", "-0", "\"7\"", "7.0", "1e2", "null",
    ])
      + (isOne(in: 200) ? any(["0", ".", "e", "x"]) : "")
  }

  mutating func member() -> String {
    let name = any(["text", "word", "small", "large", "flag", "time", "unknown", "t\\u0065xt"])
    let value: String
    switch name {
    case "text", "word", "t\\u0065xt": value = isOne(in: 10) ? "null" : text()
    case "small": value = number()
    case "large": value = any([number(), "9223372036854775807", "123456789012345678"])
    case "flag": value = any(["true", "false", "null"])
    case "time": value = isOne(in: 10) ? "null" : time()
    default:
      value = any([
        text(), number(), "true", "[1,{\"a\":\"}\"}]", "{\"text\":\"inner\"}", "1.5", "{}",
      ])
    }
    return "\(space())\"\(name)\"\(space()):\(space())\(value)\(space())"
  }

  mutating func record() -> String {
    let members = (0..<Int.random(in: 0..<9, using: &numbers)).map { _ in member() }
    return "{\(members.isEmpty ? space() : members.joined(separator: ","))}"
  }

  /// As a server writes them: the same keys in the same order.
  mutating func usualRecord() -> String {
    "{\"word\":\(text()),\"time\":\(time()),\"text\":\(text()),\"last\":\(text())}"
  }
}

@Suite("Whole records, and records in parts")
struct RecordScannerTests {
  /// Whole ones are taken in the quick way, and byte by byte by the parser.
  @Test("make the same table, or the same fault")
  func sameAsParser() throws {
    var make = RecordMaker()
    for _ in 0..<600 {
      let records = (0..<Int.random(in: 0..<12, using: &make.numbers)).map { _ in
        make.isOne(in: 2) ? make.record() : make.usualRecord()
      }
      let json = "[\(records.joined(separator: make.isOne(in: 3) ? " ,\n" : ","))]"
      let expected = fault(json, .array, .bytes)
      #expect(fault(json, .array) == expected, "seed \(make.numbers.seed): \(json)")
      guard expected == nil else { continue }
      let cells = try read(json, .array, oneOfEach, .bytes).allCells
      #expect(
        try read(json, .array).allCells == cells, "seed \(make.numbers.seed): \(json)")
      let cut = Pieces.cut(
        at: (0..<3).map { _ in Int.random(in: 0...json.utf8.count, using: &make.numbers) }.sorted())
      #expect(
        try read(json, .array, oneOfEach, cut).allCells == cells,
        "seed \(make.numbers.seed): \(json)")
      try compareDocuments(records, cells, make.numbers.seed)
    }
  }

  private func compareDocuments(
    _ records: [String], _ cells: [[Cell]], _ seed: UInt64
  ) throws {
    for separator in ["", "\n"] {
      let table = TableBuilder(oneOfEach)
      let reader = RecordReader(table, .object, maxEntryBytes: nil)
      try reader.readDocuments(Array(records.joined(separator: separator).utf8))
      #expect(try table.finish().allCells == cells, "seed \(seed)")
    }
  }

  @Test("are held to the same length", arguments: [3, 4_095, 4_096, 4_097, 10_000])
  func lengths(most: Int) {
    for length in [most, most + 1] {
      let text = String(repeating: "x", count: length)
      for value in ["\"\(text)\"", "\"\(text.dropLast(2))\\u00e9\""] {
        let json = #"[{},{"text":\#(value)},{"word":\#(value)},{"unknown":\#(value)}]"#
        let expected: ReadingFault? = length > most ? .entryTooLarge : nil
        for pieces in [.whole, .cut(at: [length / 2])] as [Pieces] {
          #expect(fault(json, .array, pieces, maxEntryBytes: Int64(most)) == expected)
        }
      }
    }
  }

  @Test("with the same words again have the same codes, whatever stands in them")
  func words() throws {
    let words = [
      #"a\"b"#, #"a\\nb"#, "stdout", "stderr", #"a\nb"#, "é", "a long word, of more than 16",
    ]
    var records: [String] = []
    for round in 0..<40 { records.append(#"{"word":"\#(words[(round * round) % words.count])"}"#) }
    let json = "[{},\(records.joined(separator: ","))]"
    let whole = try read(json, .array)
    #expect(whole.allCells == (try read(json, .array, oneOfEach, .bytes)).allCells)
    #expect(whole["word"]?.dictionary?.count == Set((0..<40).map { $0 * $0 % words.count }).count)
  }

  @Test(
    "that follow something else than a record are the parser's",
    arguments: [
      "[{},,{}]", "[{},0,{}]", "[{},0", "[{},[],{}]", "[{}{}]", "[{},{}", "[{},{},]", "[,{}]",
      "[{}]]",
    ])
  func outOfPlace(json: String) {
    for pieces in Pieces.all(of: json) {
      #expect(fault(json, .array, pieces) == fault(json, .array, .bytes))
      #expect(fault(json, .array, pieces) != nil)
    }
  }

  @Test("of a stream in which something else stands are a fault", arguments: ["0e- {}", "{}0 {}"])
  func strangeDocuments(json: String) {
    for pieces in Pieces.all(of: json) {
      let reader = RecordReader(TableBuilder(oneOfEach), .object, maxEntryBytes: nil)
      #expect(throws: ReadingFault.self) {
        for piece in pieces.of(Array(json.utf8)) { try reader.readDocuments(piece) }
      }
    }
  }
}
