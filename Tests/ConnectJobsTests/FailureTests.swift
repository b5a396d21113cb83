import Testing

@testable import ConnectJobs

@Suite("A failure")
struct FailureTests {
  @Test("loses the key wherever it stands, in message and address")
  func redaction() {
    var failure = Failure(.http, "s3cret: the server said s3crets3cret!")
    failure.url = "https://example.com/__api__/v1/content/s3cret/jobs"
    let shown = failure.redacting("s3cret")
    #expect(shown.message == "***: the server said ******!")
    #expect(shown.url == "https://example.com/__api__/v1/content/***/jobs")
    #expect(shown.status == .http)
  }

  @Test("loses the key also as it is written in an address")
  func encodedRedaction() {
    var failure = Failure(.http, "Nothing.")
    failure.url = "https://example.com/" + PercentEncoding.encode("s3+cret=")
    #expect(failure.redacting("s3+cret=").url == "https://example.com/***")
  }

  @Test("is the same without a key")
  func emptySecret() {
    let failure = Failure(.network, "The connection was lost.")
    #expect(failure.redacting("").message == failure.message)
    #expect(failure.redacting("absent").message == failure.message)
  }

  @Test("keeps the operation that it was said of first")
  func operation() {
    let failure = Failure(.network, "Lost.").during("jobs_list")
    #expect(failure.operation == "jobs_list")
    #expect(failure.during("job_wait").operation == "jobs_list")
  }
}

@Suite("Replacing text")
struct ReplacingTests {
  @Test("is byte by byte, from the left, and not of what it has put there")
  func bytes() {
    #expect("aaaa".replacing("aa", with: "b") == "bb")
    #expect("aaa".replacing("aa", with: "b") == "ba")
    #expect("abc".replacing("b", with: "bb") == "abbc")
    #expect("abc".replacing("", with: "x") == "abc")
    #expect("ab".replacing("abc", with: "x") == "ab")
    #expect("".replacing("a", with: "x") == "")
    #expect("a\r\nb".replacing("\n", with: "!") == "a\r!b")
    #expect("x\u{e9}x".replacing("\u{e9}", with: "e") == "xex")
    // The same to a reader, but not the same bytes.
    #expect("e\u{301}".replacing("\u{e9}", with: "x").utf8.elementsEqual("e\u{301}".utf8))
  }
}

@Suite("Statuses")
struct StatusTests {
  @Test("have a name each, and those of other numbers are unknown")
  func names() {
    let names = (-25...2).map { Status(rawValue: $0).name.description }
    #expect(Set(names).count == 28)
    #expect(!names.contains("UNKNOWN"))
    for number in [-26, 3, .min, .max] as [Int32] {
      #expect(Status(rawValue: number).name.description == "UNKNOWN")
    }
    #expect(Status.notFound.name.description == "NOT_FOUND")
    #expect(Status.notFound.rawValue == -5)
  }

  @Test("leave words whole that only hold a very short key")
  func shortKeys() {
    #expect("Check the key: Key k".hiding("k") == "Check the key: Key ***")
    #expect("the option api_key (key)".hiding("key") == "the option api_key (***)")
    #expect("x123456y".hiding("123456") == "x***y")
  }
}
