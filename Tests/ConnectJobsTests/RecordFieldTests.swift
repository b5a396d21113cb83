import Testing

@testable import ConnectJobs

@Suite("A record's field")
struct RecordFieldTests {
  @Test("finds its column by name, in any order, and no other")
  func names() throws {
    let table = try readRecord(
      #"""
      {"time":"1970-01-01T00:00:01Z","flag":true,"large":-9223372036854775808,"small":7,
       "word":"w","text":"t","Text":"no","tex":"no","texts":"no","":"no"}
      """#)
    #expect(table.allCells == [["t", "w", 7, .number(.min), true, 1_000_000_000]])
  }

  @Test("may be written with escapes in its name")
  func escapedNames() throws {
    #expect(try readRecord(#"{"\u0074ex\u0074":"t"}"#).cells("text") == ["t"])
    #expect(try readRecord(#"{"text\u0000":"t"}"#).cells("text") == [nil])
  }

  @Test("may have a name of any length, which is not ours")
  func longNames() throws {
    for length in [255, 256, 257, 1_000_000] {
      let name = "text" + String(repeating: "x", count: length - 4)
      let json = #"{"\#(name)":"no","text":"t"}"#
      #expect(try readRecord(json).cells("text") == ["t"])
      #expect(try readRecord(json, .cut(at: [3, 100, length])).cells("text") == ["t"])
    }
  }

  @Test("is null where it is absent, null, or a time that says none")
  func nulls() throws {
    let absent = try readRecord("{}").allCells
    #expect(absent == [[nil, nil, nil, nil, nil, nil]])
    #expect(
      try readRecord(
        #"{"text":null,"word":null,"small":null,"large":null,"flag":null,"time":null}"#
      ).allCells == absent)
    #expect(try readRecord(#"{"time":""}"#).allCells == absent)
    #expect(try readRecord(#"{"time":"0001-01-01T00:00:00Z"}"#).allCells == absent)
    #expect(try readRecord(#"{"small":"","large":""}"#).allCells == absent)
  }

  @Test("that is an empty text is not null")
  func emptyTexts() throws {
    let table = try readRecord(#"{"text":"","word":""}"#)
    #expect(table.cells("text") == [""])
    #expect(table.cells("word") == [""])
  }

  @Test("that is unknown is passed over, whatever its value")
  func unknown() throws {
    for value in [
      "1", "-1.5e300", "true", "null", #""text""#, "[]", "{}", #"{"text":"no","a":{"text":"no"}}"#,
      #"[{"text":"no"},[[{"text":"no"}]],"text"]"#, #""\u0000\ud83d\ude00""#, "1e999",
    ] {
      let json = #"{"text":"a","unknown":\#(value),"word":"b"}"#
      for pieces in [.whole, .bytes] as [Pieces] {
        let table = try readRecord(json, pieces)
        #expect(table.cells("text") == ["a"], "\(value)")
        #expect(table.cells("word") == ["b"], "\(value)")
      }
    }
  }

  @Test("that comes twice has its last value, also where that is null")
  func duplicates() throws {
    let json = #"""
      [{"text":"first","word":"first","small":1,"large":1,"flag":true,"time":"1970-01-01T00:00:00Z",
        "text":"2nd","word":"2nd","small":2,"large":"2","flag":false,"time":"1970-01-01T00:00:00.5Z"},
       {"text":"x","text":null,"word":"x","word":null,"small":1,"small":null,"large":1,"large":null,
        "flag":true,"flag":null,"time":"1970-01-01T00:00:00Z","time":""},
       {"text":null,"text":"a","text":"","word":"b","word":""},
       {"text":"c","word":"first"}]
      """#
    for pieces in [.whole, .bytes] as [Pieces] {
      let table = try read(json, .array, oneOfEach, pieces)
      #expect(
        table.allCells == [
          ["2nd", "2nd", 2, 2, false, 500_000_000], [nil, nil, nil, nil, nil, nil],
          ["", "", nil, nil, nil, nil], ["c", "first", nil, nil, nil, nil],
        ])
    }
  }

  @Test("that is a number may come as text, and a text as a number")
  func numbersAsText() throws {
    let table = try readRecord(#"{"text":7,"word":-12,"small":"7","large":"-9223372036854775808"}"#)
    #expect(table.allCells == [["7", "-12", 7, .number(.min), nil, nil]])
    #expect(
      try readRecord(#"{"text":9223372036854775807}"#).cells("text") == ["9223372036854775807"])
  }

  @Test("that is a whole number may be written with a fraction or an exponent")
  func wholeNumbers() throws {
    let table = try readRecord(#"{"small":7.0,"large":1.5e3,"text":2e2}"#)
    #expect(table.allCells == [["200", nil, 7, 1_500, nil, nil]])
    #expect(try readRecord(#"{"small":-0}"#).cells("small") == [0])
  }

  @Test("reaches to the edges of its type")
  func edges() throws {
    for value in [Int64(Int32.min), -1, 0, Int64(Int32.max)] {
      #expect(try readRecord(#"{"small":\#(value)}"#).cells("small") == [.number(value)])
    }
    for value in [Int64.min, -1, 0, 9_007_199_254_740_993, .max] {
      #expect(try readRecord(#"{"large":\#(value)}"#).cells("large") == [.number(value)])
    }
  }

  @Test(
    "of another type is a fault that names it",
    arguments: [
      ("text", "true"), ("text", "[]"), ("text", "{}"), ("text", "1.5"), ("text", "1e40"),
      ("word", "false"), ("word", #"["a"]"#), ("word", #"{"text":"a"}"#),
      ("small", "2147483648"), ("small", "-2147483649"), ("small", "1.5"), ("small", "true"),
      ("small", #""seven""#), ("small", #"" 7""#), ("small", #""7 ""#), ("small", #""0x7""#),
      ("small", "[7]"), ("small", #""99999999999""#), ("small", #""1.0""#),
      ("large", "9223372036854775808"), ("large", "18446744073709551616"), ("large", "1e19"),
      ("large", #""9223372036854775808""#), ("large", "{}"), ("large", #""٣""#),
      ("flag", "1"), ("flag", #""true""#), ("flag", "[true]"), ("flag", "0.0"),
      ("time", "1732573574"), ("time", "true"), ("time", #""yesterday""#),
      ("time", #""2024-11-25""#), ("time", "[]"), ("time", #""2024-11-25T22:26:14""#),
    ])
  func wrongType(name: String, value: String) {
    let expected = ReadingFault.shape("the field \"\(name)\" has a value of another type")
    let json = #"{"\#(name)":\#(value)}"#
    #expect(fault(json, .object) == expected)
    #expect(fault(json, .object, .bytes) == expected)
  }

  @Test("that is a time or a number may be written at any length, in one piece or not")
  func longNumbers() throws {
    let zeros = String(repeating: "0", count: 100)
    for json in [
      #"{"time":"1970-01-01T00:00:01.5\#(zeros)Z"}"#, #"{"large":"\#(zeros)7"}"#,
      #"{"small":"\#(zeros)7"}"#,
    ] {
      let whole = fault(json, .object)
      #expect(fault(json, .object, .bytes) == whole)
      for at in 1..<json.utf8.count { #expect(fault(json, .object, .cut(at: [at])) == whole) }
    }
  }

  @Test("that is half a text is of no effect on the next row")
  func afterFault() throws {
    let table = TableBuilder(oneOfEach)
    let reader = RecordReader(table, .array, maxEntryBytes: nil)
    #expect(throws: ReadingFault.self) {
      try reader.read(
        Array(#"[{"text":"half","word":"half","time":"19x"#.utf8) + Array(#""}]"#.utf8))
    }
    reader.restart()
    try reader.read(Array("[{}]".utf8))
    try reader.end()
    #expect(try table.finish().allCells == [[nil, nil, nil, nil, nil, nil]])
  }
}
