import Testing

@testable import ConnectJobs

@Suite("A text in a record")
struct RecordTextTests {
  @Test(
    "keeps every character",
    arguments: [
      (#"\u0000"#, "\0"), (#"a\u0000b"#, "a\0b"), (#"a\nb\r\n\t\b\f"#, "a\nb\r\n\t\u{8}\u{c}"),
      (#"\"\\\/"#, "\"\\/"), (#"\u00e9\u20AC"#, "é€"), (#"\ud83d\ude00"#, "😀"), ("😀", "😀"),
      ("é€𝔘\u{10ffff}", "é€𝔘\u{10ffff}"), ("\u{7f}\u{85}\u{2028}", "\u{7f}\u{85}\u{2028}"),
      (#"\uFFFF\ufeff\u001b[31m"#, "\u{ffff}\u{feff}\u{1b}[31m"), (#"\ud800\udc00"#, "\u{10000}"),
      (#"\udbff\udfff"#, "\u{10ffff}"), ("e\u{301}", "e\u{301}"),
    ])
  func characters(written: String, text: String) throws {
    let json = #"{"text":"\#(written)","word":"\#(written)"}"#
    for pieces in Pieces.all(of: json) {
      let table = try readRecord(json, pieces)
      #expect(table.cells("text") == [Cell(text)])
      #expect(table.cells("word") == [Cell(text)])
    }
  }

  @Test("may be longer than any buffer, with escapes and 4-byte characters at any place")
  func long() throws {
    var numbers = SeededNumbers()
    for length in [100, 4_095, 4_096, 4_097, 70_000] {
      var written = ""
      var text = ""
      while text.utf8.count < length {
        let (escape, character) = Self.spellings[
          Int.random(in: 0..<Self.spellings.count, using: &numbers)]
        written += escape
        text += character
      }
      let json = #"{"text":"\#(written)","word":"\#(written)"}"#
      let places = (0..<5).map { _ in Int.random(in: 1..<json.utf8.count, using: &numbers) }
        .sorted()
      for pieces in [.whole, .bytes, .cut(at: places)] as [Pieces] {
        let table = try readRecord(json, pieces)
        #expect(table.cells("text") == [Cell(text)], "seed \(numbers.seed)")
        #expect(table.cells("word") == [Cell(text)], "seed \(numbers.seed)")
      }
    }
  }

  private static let spellings = [
    ("a", "a"), ("plain text ", "plain text "), (#"\n"#, "\n"), (#"\u0000"#, "\0"), ("😀", "😀"),
    (#"\ud83d\ude00"#, "😀"), ("é", "é"), (#"\u00e9"#, "é"), (#"\""#, "\""), (#"\\"#, "\\"),
  ]

  @Test(
    "that is not UTF-8 is a fault, in a value, a name and an unknown field",
    arguments: [
      [0xff], [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80],
      [0xf0, 0x80, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc3],
      [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xe2, 0x28, 0xa1], [0xfe, 0xff], [0xc3, 0xc3, 0xa9],
    ] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    for (before, after) in [
      (#"{"text":"a"#, #"b"}"#), (#"{"a"#, #"b":1}"#), (#"{"x":["a"#, #"b"]}"#),
      (#"{"time":""#, #""}"#), (#"{"text":""#, #""}"#),
    ] {
      let json = Array(before.utf8) + bytes + Array(after.utf8)
      for pieces in Pieces.all(of: json) {
        #expect(fault(json, .object, pieces)?.isSyntax == true)
      }
    }
  }

  @Test(
    "with half a surrogate pair has U+FFFD for it, wherever it is cut",
    arguments: [
      (#"\ud800"#, "\u{fffd}"), (#"\udbff"#, "\u{fffd}"), (#"\udc00"#, "\u{fffd}"),
      (#"\uDFFF"#, "\u{fffd}"), (#"\ud83dx"#, "\u{fffd}x"), (#"\ud83d\n"#, "\u{fffd}\n"),
      (#"\ud83d\u0041"#, "\u{fffd}A"), (#"\ud83d\ud83d"#, "\u{fffd}\u{fffd}"),
      (#"\ude00\ud83d"#, "\u{fffd}\u{fffd}"), (#"\ud83d\ud83d\ude00"#, "\u{fffd}😀"),
      (#"\ud83d\ude00\ude00"#, "😀\u{fffd}"), (#"\\ud800"#, #"\ud800"#),
      (#"\ud83d\\ude00"#, "\u{fffd}\\ude00"), (#"\ud83d\""#, "\u{fffd}\""),
    ])
  func loneSurrogates(written: String, text: String) throws {
    let record = #"{"text":"a\#(written)"}"#
    let list = "[{},\(record),\(record)]"
    for pieces in Pieces.all(of: list) {
      let table = try read(list, .array, oneOfEach, pieces)
      #expect(table.string("text", 1) == "a" + text)
      #expect(table.string("text", 2) == "a" + text)
    }
  }

  @Test("that ends in the midst of half a pair is a fault", arguments: [#"\ud8"#, #"\ud83d\"#])
  func cutSurrogates(written: String) {
    let json = #"{"text":"a\#(written)"#
    for pieces in Pieces.all(of: json) {
      #expect(fault(json, .object, pieces)?.isSyntax == true)
    }
  }

  @Test("must not hold a control character as it is")
  func controlCharacters() {
    for byte in 0..<UInt8(0x20) {
      #expect(
        fault(Array(#"{"text":"a"#.utf8) + [byte] + Array(#"b"}"#.utf8), .object)?.isSyntax == true)
    }
  }
}

extension Pieces {
  /// In one piece, byte by byte, and cut once at each place.
  static func all(of json: some Collection<UInt8>) -> [Pieces] {
    [.whole, .bytes] + (1..<json.count).map { .cut(at: [$0]) }
  }

  static func all(of json: String) -> [Pieces] { all(of: Array(json.utf8)) }
}
