import Testing

@testable import ConnectJobs

/// A document with something of everything.
private let variety = #"""
  [ {"text" : "pl\u0061in \ud83d\ude00 😀 é\n", "word":"run_\u0061pp","small":-12,"large":"1234567890123",
  "flag":true,"time":"2024-12-06T19:09:29.948016766+01:00", "unknown":{"text":[1.5e3,{"a":"b"}]}} ,
  {"t\u0065xt":"","word":"run_app","small":null,"large":9223372036854775807,"flag":false,"time":""},
  {}, {"text":"a","text":"b","u":["x",null,false,-0.5],"word":"\"\\","small":"7"} ]
  """#

@Suite("A document that arrives in pieces")
struct RecordSplitTests {
  @Test("makes the same table wherever it is cut, and byte by byte")
  func everyByte() throws {
    let whole = try read(variety, .array).allCells
    #expect(whole.count == 4)
    #expect(whole[0][0] == "plain 😀 😀 é\n")
    for pieces in Pieces.all(of: variety) {
      #expect(try read(variety, .array, oneOfEach, pieces).allCells == whole)
    }
  }

  @Test("makes the same table in random pieces, as entries too")
  func randomPieces() throws {
    var numbers = SeededNumbers()
    let entries = #"{"a":[1,{"b":2}],"entries":\#(variety),"c":"d"}"#
    let whole = try read(variety, .array).allCells
    for _ in 0..<300 {
      let places = (0..<Int.random(in: 1...20, using: &numbers)).map { _ in
        Int.random(in: 0...entries.utf8.count, using: &numbers)
      }
      let table = try read(entries, .entries, oneOfEach, .cut(at: places.sorted()))
      #expect(table.allCells == whole, "seed \(numbers.seed)")
    }
  }

  @Test("that is cut off anywhere is a fault, and never a shorter table")
  func cutOff() {
    let bytes = Array(variety.utf8)
    for length in 0..<bytes.count where bytes[length...].contains(where: { $0 > 0x20 }) {
      #expect(fault(bytes[..<length], .array)?.isSyntax == true, "\(length) bytes")
    }
  }

  @Test("may be followed by white space in pieces of its own, and by nothing else")
  func trailing() {
    let end = variety.utf8.count
    #expect(fault(variety + " \r\n\t ", .array, .cut(at: [end, end + 1, end + 3])) == nil)
    for rest in ["x", "[]", ",", "]", "{}", "\0", " x", #"\ud83d"#, "\\"] {
      for pieces in [.whole, .cut(at: [end]), .bytes] as [Pieces] {
        #expect(fault(variety + rest, .array, pieces)?.isSyntax == true, "\(rest)")
      }
    }
  }

  @Test("can be begun anew wherever it was cut, also after a fault")
  func restart() throws {
    let whole = try read(variety, .array).allCells
    let bytes = Array(variety.utf8)
    let table = TableBuilder(oneOfEach)
    let reader = RecordReader(table, .array, maxEntryBytes: nil)
    for length in 0...bytes.count {
      try reader.read(bytes[..<length])
      reader.restart()
    }
    for broken in ["[{\"small\":\"x\"}]", "[1]", "{", "[{\"text\":\"\\uzz\"}]", "x", "[]]"] {
      #expect(throws: ReadingFault.self) { try reader.read(Array(broken.utf8)) }
      reader.restart()
    }
    try reader.read(bytes)
    try reader.end()
    #expect(try table.finish().allCells == whole)
  }

  @Test("has the right fault after a restart, too")
  func faultAfterRestart() {
    let reader = RecordReader(TableBuilder(oneOfEach), .array, maxEntryBytes: nil)
    #expect(throws: ReadingFault.shape("it is not a list of objects")) {
      try reader.read(Array("[1]".utf8))
    }
    reader.restart()
    #expect(throws: ReadingFault.syntax("a syntax error")) {
      try reader.read(Array("<html>".utf8))
    }
    reader.restart()
    #expect(throws: ReadingFault.shape("it is not a list of objects")) {
      try reader.end(after: "7")
    }
  }

  @Test("knows whether it is inside a record")
  func inside() throws {
    let reader = RecordReader(TableBuilder(oneOfEach), .object, maxEntryBytes: nil)
    #expect(!reader.isInsideRecord)
    try reader.readDocuments(Array(#"{"text":"a"} "#.utf8))
    #expect(!reader.isInsideRecord)
    try reader.readDocuments(Array("{".utf8))
    #expect(reader.isInsideRecord)
    try reader.readDocuments(Array("}".utf8))
    #expect(!reader.isInsideRecord)
  }
}

extension RecordReader {
  fileprivate func end(after json: String) throws(ReadingFault) {
    try read(Array(json.utf8))
    try end()
  }
}
