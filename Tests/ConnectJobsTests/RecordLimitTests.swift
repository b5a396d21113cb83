import Testing

@testable import ConnectJobs

@Suite("The limit of one text")
struct RecordLimitTests {
  @Test("lets through a text of that many bytes, and no longer one, in whichever pieces it comes")
  func exact() {
    for name in ["text", "word"] {
      for (bytes, isFine) in [(0, true), (9, true), (10, true), (11, false), (5_000, false)] {
        let json = #"[{"\#(name)":"\#(String(repeating: "x", count: bytes))"}]"#
        for pieces in [.whole, .bytes, .cut(at: [5, 10])] as [Pieces] {
          #expect(
            fault(json, .array, pieces, maxEntryBytes: 10) == (isFine ? nil : .entryTooLarge))
        }
      }
    }
  }

  @Test("counts the bytes of the text, not of its escapes")
  func decoded() {
    let json = #"[{"text":"\#(String(repeating: #"\u00e9"#, count: 5))"}]"#
    #expect(fault(json, .array, maxEntryBytes: 10) == nil)
    #expect(fault(json, .array, maxEntryBytes: 9) == .entryTooLarge)
  }

  @Test("is of one text, not of a row, a column or a field that came before under the same name")
  func each() {
    #expect(
      fault(
        #"[{"text":"12345678","word":"12345678"},{"text":"12345678","text":"1234567890"}]"#, .array,
        maxEntryBytes: 10) == nil)
  }

  @Test("does not concern what is passed over")
  func unknown() {
    let long = String(repeating: "x", count: 1_000)
    #expect(fault(#"[{"u":"\#(long)","\#(long)":1}]"#, .array, maxEntryBytes: 10) == nil)
    #expect(fault(#"[{"u":["\#(long)"]}]"#, .array, .bytes, maxEntryBytes: 10) == nil)
  }

  @Test("may be nothing, or none at all")
  func edges() {
    #expect(fault(#"[{"text":""}]"#, .array, maxEntryBytes: 0) == nil)
    #expect(fault(#"[{"text":"x"}]"#, .array, maxEntryBytes: 0) == .entryTooLarge)
    #expect(fault(#"[{"text":"x"}]"#, .array, maxEntryBytes: .max) == nil)
    #expect(fault(#"[{"text":"x"}]"#, .array, maxEntryBytes: nil) == nil)
  }
}
