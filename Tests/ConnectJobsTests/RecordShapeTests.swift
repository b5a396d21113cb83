import Testing

@testable import ConnectJobs

@Suite("Records stand in a document")
struct RecordShapeTests {
  @Test(
    "as a list of objects",
    arguments: [
      ("[]", []), (" [ ] \n", []), ("null", []), (#"[{"text":"a"}]"#, ["a"]),
      (#"[{"text":"a"},{"text":"b"}]"#, ["a", "b"]), ("[{},{}]", [nil, nil]),
    ] as [(String, [Cell])])
  func array(json: String, texts: [Cell]) throws {
    #expect(try read(json, .array).cells("text") == texts)
  }

  @Test(
    "as the entries of an object, whatever else is in it",
    arguments: [
      (#"{"entries":[]}"#, []), (#"{"entries":null}"#, []),
      (#"{"entries":[{"text":"a"},{"text":"b"}]}"#, ["a", "b"]),
      (#"{"total":2,"entries":[{"text":"a"}],"more":{"entries":[{"text":"no"}]}}"#, ["a"]),
      (#"{"a":[1,[2]],"b":{"text":"no"},"c":null,"d":"x","e":true,"f":1.5,"entries":[{}]}"#, [nil]),
      (#"{"Entries":[{"text":"no"}],"entrie":[],"entriess":[],"entries":[{"text":"a"}]}"#, ["a"]),
      (#"{"\u0065ntries":[{"text":"a"}]}"#, ["a"]),
    ] as [(String, [Cell])])
  func entries(json: String, texts: [Cell]) throws {
    #expect(try read(json, .entries).cells("text") == texts)
  }

  @Test("as the one object that it is")
  func object() throws {
    #expect(try read(#"{"text":"a"}"#, .object).cells("text") == ["a"])
    #expect(try read(" {} ", .object).cells("text") == [nil])
  }

  @Test(
    "or the fault says which shape was due",
    arguments: [
      (.array, "{}", "it is not a list of objects"),
      (.array, #"{"error":"x"}"#, "it is not a list of objects"),
      (.array, "7", "it is not a list of objects"),
      (.array, "\"text\"", "it is not a list of objects"),
      (.array, "[1]", "it is not a list of objects"),
      (.array, "[null]", "it is not a list of objects"),
      (.array, "[{},\"x\"]", "it is not a list of objects"),
      (.array, "[[]]", "a record is not an object"),
      (.entries, "[]", "it is not an object with a list of entries"),
      (.entries, "{}", "it is not an object with a list of entries"),
      (.entries, "null", "it is not an object with a list of entries"),
      (.entries, #"{"entries":{}}"#, "it is not an object with a list of entries"),
      (.entries, #"{"entries":7}"#, "it is not an object with a list of entries"),
      (.entries, #"{"entries":"x"}"#, "it is not an object with a list of entries"),
      (.entries, #"{"entries":false}"#, "it is not an object with a list of entries"),
      (.entries, #"{"entries":[1]}"#, "it is not an object with a list of entries"),
      (.entries, #"{"entries":[null]}"#, "it is not an object with a list of entries"),
      (.entries, #"{"entries":[[]]}"#, "a record is not an object"),
      (.entries, #"{"x":{"entries":[]}}"#, "it is not an object with a list of entries"),
      (.object, "[]", "a record is not an object"), (.object, "null", "it is not an object"),
      (.object, "true", "it is not an object"), (.object, "1.5", "it is not an object"),
    ] as [(RecordShape, String, String)])
  func wrongShape(shape: RecordShape, json: String, expectation: String) {
    #expect(fault(json, shape) == .shape(expectation))
    #expect(fault(json, shape, .bytes) == .shape(expectation))
  }

  @Test(
    "or the fault says that it is no whole JSON",
    arguments: [
      "", " ", "[", "[{", "[{}", "[{},", "[{},]", "[}", "[{\"text\"}]", "[{\"text\":}]",
      "[{text:1}]", "[{'text':1}]", "[{\"text\":01}]", "[{\"text\":nul}]", "[{\"text\":\"a}]",
      "[{\"text\":\"a\nb\"}]", "[{\"text\":\"a\\x\"}]", "[{\"text\":\"a\\u12\"}]", "[] []", "[]x",
      "[]\0", "[{}],", "// x\n[]", "[/* x */]", "\u{feff}[]", "<!DOCTYPE html>",
      "NaN", "[{\"text\":NaN}]", "[{\"large\":Infinity}]", "[{\"large\":+1}]", "[{\"large\":.5}]",
    ])
  func notJSON(json: String) {
    for pieces in [.whole, .bytes] as [Pieces] {
      #expect(fault(json, .array, pieces)?.isSyntax == true)
    }
  }

  @Test("or the fault says that it is nested too deeply, without using memory or stack")
  func deep() {
    let deep = String(repeating: "[", count: 100_000)
    for json in [deep, #"[{"x":"# + deep, "{\"entries\":" + deep] {
      for shape in [.array, .entries, .object] as [RecordShape] {
        #expect(fault(json, shape) != nil)
        #expect(fault(json, shape, .bytes) == fault(json, shape))
      }
    }
    #expect(fault(#"[{"x":"# + deep, .array) == .syntax("nested too deeply"))
    #expect(
      fault(String(repeating: #"{"x":"#, count: 100_000), .object) == .syntax("nested too deeply"))
  }

  @Test("with unknown values nested in them as deeply as anyone writes")
  func deepUnknown() throws {
    let nested = String(repeating: #"{"x":["#, count: 30) + String(repeating: "]}", count: 30)
    #expect(try read(#"[{"u":\#(nested),"text":"a"}]"#, .array).cells("text") == ["a"])
  }
}

extension ReadingFault {
  var isSyntax: Bool {
    if case .syntax = self { true } else { false }
  }
}
