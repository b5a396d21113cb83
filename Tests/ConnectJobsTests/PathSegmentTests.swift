import Testing

@testable import ConnectJobs

@Suite("A guid or key in an address")
struct PathSegmentTests {
  @Test(
    "is percent-encoded, all but the unreserved characters",
    arguments: [
      ("7c7f5b0e-9f5d-4ab6-b7d0-3c3f4f6f2f0a", "7c7f5b0e-9f5d-4ab6-b7d0-3c3f4f6f2f0a"),
      ("tHawGvHZTosJA2Dx", "tHawGvHZTosJA2Dx"), ("a.b_c~d-e", "a.b_c~d-e"), ("a b", "a%20b"),
      ("a+b&c=d", "a%2Bb%26c%3Dd"), ("ü", "%C3%BC"), ("😀", "%F0%9F%98%80"), ("\u{85}", "%C2%85"),
      (";:@!$'()*,[]", "%3B%3A%40%21%24%27%28%29%2A%2C%5B%5D"), ("a.", "a."), (".a", ".a"),
    ])
  func encoded(given: String, segment: String) throws {
    #expect(try PathSegment.encode(given, what: "job key") == segment)
  }

  @Test(
    "that could change which address is meant is refused",
    arguments: [
      "", "a/b", "/", "..", "../../x", "a..b", ".", "a?b", "a#b", "a%2fb", "%", "a\\b", "a\0b",
      "\n", "a\tb", "a\u{7f}", "\u{1b}[31m",
    ])
  func refused(given: String) throws {
    let refusal = try #require(
      failure { () throws(Failure) in try PathSegment.encode(given, what: "job key") })
    #expect(refusal.status == .invalidArgument)
    #expect(refusal.message.contains("The job key "))
    #expect(refusal.message.contains("nothing was sent"))
  }

  @Test("may have 256 bytes, and no more; the message of 10 kB of text stays short")
  func length() throws {
    let longest = String(repeating: "x", count: 256)
    #expect(try PathSegment.encode(longest, what: "job key") == longest)
    #expect(try PathSegment.encode(String(repeating: "ü", count: 128), what: "x").count == 768)
    for bytes in [257, 10_240] {
      let refusal = try #require(
        failure { () throws(Failure) in
          try PathSegment.encode(String(repeating: "x", count: bytes), what: "content guid")
        })
      #expect(refusal.status == .invalidArgument)
      #expect(refusal.message.contains("\(bytes) bytes"))
      #expect(refusal.message.utf8.count < 300)
    }
  }
}

@Suite("Percent-encoding")
struct PercentEncodingTests {
  @Test("of every byte can be taken back, and leaves only safe characters")
  func roundTrip() {
    for scalar in (0...0x2ff).compactMap(UnicodeScalar.init) {
      let text = String(Character(scalar))
      let encoded = PercentEncoding.encode(text)
      #expect(encoded.utf8.allSatisfy { "-._~%".utf8.contains($0) || isAlphanumeric($0) })
      #expect(decoded(encoded) == Array(text.utf8))
    }
  }

  private func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }

  private func decoded(_ text: String) -> [UInt8] {
    var out: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        rest = rest.dropFirst(2)
        out += [UInt8(digits, radix: 16) ?? 0]
      } else {
        out.append(byte)
      }
    }
    return out
  }
}

@Suite("A text from outside, in a message")
struct QuotingTests {
  @Test("is in quotes, on one line, and cut after 200 bytes")
  func quoted() {
    #expect("a".quoted == "\"a\"")
    #expect("".quoted == "\"\"")
    #expect("a\nb\0c\u{7f}\u{1b}".quoted == "\"a?b?c??\"")
    #expect(String(repeating: "x", count: 200).quoted.utf8.count == 202)
    #expect(String(repeating: "x", count: 201).quoted.hasSuffix("x...\""))
    #expect(String(repeating: "😀", count: 100).quoted.utf8.count < 220)
    #expect("said".plain == "said")
  }

  @Test("loses spaces and line ends at both ends, in whichever form")
  func trimmed() {
    #expect(" \t\r\n a b \r\n\r\n".trimmingSpaces() == "a b")
    #expect("a\r\n".trimmingSpaces() == "a")
    #expect("\r\n".trimmingSpaces() == "")
    #expect("a".trimmingSpaces() == "a")
    #expect("".trimmingSpaces() == "")
    #expect("a\r\nb".trimmingSpaces() == "a\r\nb")
  }

  @Test("can be searched for bytes")
  func holds() {
    #expect("a..b".holds(".."))
    #expect("..".holds(".."))
    #expect(!"a.b.".holds(".."))
    #expect(!"".holds(".."))
    #expect(!".".holds(".."))
  }
}
