import Testing

@testable import ConnectJobs

@Suite("A response's head")
struct ResponseHeadTests {
  @Test("is read line by line, as libcurl gives them")
  func lines() {
    let head = ResponseHead(
      "HTTP/1.1 200 OK\r\n", "Content-Type: application/json; charset=UTF-8\r\n",
      "Content-Encoding: gzip\r\n", "X-Deprecated-Endpoint: /v1/content\r\n", "\r\n")
    #expect(head.status == 200)
    #expect(head.isSuccess)
    #expect(head.contentType == "application/json; charset=utf-8")
    #expect(head.isEncoded)
    #expect(head.deprecatedEndpoint == "/v1/content")
    #expect(head.retryAfter == nil)
  }

  @Test(
    "has a status in every HTTP version, with and without words",
    arguments: [
      ("HTTP/1.0 404 Not Found\r\n", 404), ("HTTP/1.1 200\r\n", 200), ("HTTP/1.1 200 \r\n", 200),
      ("HTTP/2 503 \r\n", 503), ("HTTP/3 204\r\n", 204), ("HTTP/1.1 500 It  broke\n", 500),
      ("HTTP/1.1 abc\r\n", 0), ("HTTP/1.1\r\n", 0), ("HTTP/1.1 99999999999\r\n", 0),
    ] as [(String, Int32)])
  func status(line: String, status: Int32) {
    #expect(ResponseHead(line).status == status)
  }

  @Test("forgets an interim answer, and a redirect's, when the next status line comes")
  func interim() {
    let head = ResponseHead(
      "HTTP/1.1 103 Early Hints\r\n", "Retry-After: 7\r\n", "Content-Type: text/html\r\n", "\r\n",
      "HTTP/1.1 200 OK\r\n", "\r\n")
    #expect(head == ResponseHead("HTTP/1.1 200 OK\r\n"))
  }

  @Test("takes names in any case, spaces anywhere, and the last of several lines")
  func oddLines() {
    let head = ResponseHead(
      "HTTP/1.1 200 OK\r\n", "CONTENT-type:TEXT/HTML\r\n",
      "content-type:   Application/JSON \t\r\n",
      "no colon here\r\n", ": no name\r\n", "x-deprecated-endpoint:a:b\r\n")
    #expect(head.contentType == "application/json")
    #expect(head.deprecatedEndpoint == "a:b")
  }

  @Test("survives bytes that are no text, a line of a megabyte, and an empty one")
  func hostileLines() {
    var head = ResponseHead("HTTP/1.1 200 OK\r\n")
    for line in [
      [0xff, 0xfe, 0x3a, 0x00, 0x0d, 0x0a], [], [0x3a],
      Array("Content-Type: ".utf8) + Array(repeating: 0x78, count: 1 << 20),
    ] as [[UInt8]] {
      line.withUnsafeBytes { head.read($0) }
    }
    #expect(head.status == 200)
    #expect(head.contentType.utf8.count < 8_192)
  }

  @Test("says that the body is encoded, but not of identity")
  func encoding() {
    #expect(ResponseHead("Content-Encoding: br\r\n").isEncoded)
    #expect(!ResponseHead("Content-Encoding: identity\r\n").isEncoded)
    #expect(!ResponseHead("Content-Encoding: Identity \r\n").isEncoded)
    #expect(!ResponseHead("Content-Type: gzip\r\n").isEncoded)
  }

  @Test(
    "has the wait that the server asks for, in milliseconds",
    arguments: [
      ("5", 5_000), ("0", 0), ("  120 ", 120_000), ("-1", nil), ("1.5", nil), ("", nil),
      ("soon", nil), ("Wed, 21 Oct 2026 07:28:00 GMT", nil),
    ] as [(String, Int64?)])
  func retryAfter(value: String, milliseconds: Int64?) {
    #expect(ResponseHead("Retry-After: \(value)\r\n").retryAfter == milliseconds)
  }

  @Test(
    "does not take a wait of years for none",
    arguments: ["1000000", "999999999999", "99999999999999999999999999"])
  func veryLongWait(value: String) throws {
    let wait = try #require(ResponseHead("Retry-After: \(value)\r\n").retryAfter)
    #expect(wait > RetryPolicy.longestRetryAfter)
  }

  @Test("is a success from 200 to 299, and a redirect only where it leads somewhere")
  func kinds() {
    #expect(!ResponseHead("HTTP/1.1 199 \r\n").isSuccess)
    #expect(ResponseHead("HTTP/1.1 204 \r\n").isSuccess)
    #expect(!ResponseHead("HTTP/1.1 300 \r\n").isSuccess)
    for status in [301, 302, 303, 307, 308] {
      var head = ResponseHead("HTTP/1.1 \(status) \r\n")
      #expect(!head.isRedirect)
      head.redirect = "https://example.com/"
      #expect(head.isRedirect)
    }
    var notModified = ResponseHead("HTTP/1.1 304 \r\n")
    notModified.redirect = "https://example.com/"
    #expect(!notModified.isRedirect)
  }
}

extension ResponseHead {
  /// The head that these lines make.
  init(_ lines: String...) {
    self.init()
    for line in lines { Array(line.utf8).withUnsafeBytes { read($0) } }
  }
}
