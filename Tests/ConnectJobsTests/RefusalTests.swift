import Testing

@testable import ConnectJobs

/// An answer that is no success, and what it is to a user.
struct Refusal: CustomTestStringConvertible {
  let http: Int32
  var code: Int64?
  let status: Status
  var trouble = RetryPolicy.Trouble.final
  let words: String

  var testDescription: String { "\(http), code \(code.map { "\($0)" } ?? "none")" }
}

@Suite("An answer that is no success")
struct RefusalTests {
  static let all: [Refusal] = [
    Refusal(http: 400, code: 3, status: .badRequest, words: "Check the guid"),
    Refusal(http: 400, status: .badRequest, words: "Check the guid"),
    Refusal(http: 401, code: 24, status: .unauthenticated, words: "CONNECT_API_KEY"),
    Refusal(http: 401, code: 30, status: .unauthenticated, words: "CONNECT_API_KEY"),
    Refusal(http: 401, status: .unauthenticated, words: "CONNECT_API_KEY"),
    Refusal(http: 402, status: .http, words: "licence has expired"),
    Refusal(http: 403, code: 10, status: .forbidden, words: "collaborator"),
    Refusal(http: 403, code: 19, status: .forbidden, words: "collaborator"),
    Refusal(http: 403, code: 21, status: .forbidden, words: "collaborator"),
    Refusal(http: 403, code: 22, status: .forbidden, words: "collaborator"),
    Refusal(http: 403, code: 50, status: .forbidden, words: "locked"),
    Refusal(http: 403, status: .forbidden, words: "collaborator"),
    Refusal(http: 404, code: 4, status: .notFound, words: "no such content item or job"),
    Refusal(http: 404, code: 141, status: .notFound, trouble: .lostSession, words: "sticky"),
    Refusal(http: 404, code: 2, status: .unsupported, words: "no such endpoint"),
    Refusal(http: 404, status: .unsupported, words: "2022.10.0"),
    Refusal(http: 404, code: 7, status: .unsupported, words: "does not offer"),
    Refusal(http: 409, code: 163, status: .conflict, words: "not active any more"),
    Refusal(http: 409, code: 9, status: .conflict, words: "Look at the job's status"),
    Refusal(http: 409, status: .conflict, words: "Look at the job's status"),
    Refusal(
      http: 429, status: .rateLimited, trouble: .rateLimited(after: nil), words: "fewer requests"),
    Refusal(http: 500, code: 1, status: .server, words: "Connect's log"),
    Refusal(http: 501, status: .server, words: "Connect's log"),
    Refusal(http: 502, status: .server, trouble: .unavailable(after: nil), words: "not available"),
    Refusal(http: 503, status: .server, trouble: .unavailable(after: nil), words: "not available"),
    Refusal(http: 504, status: .server, trouble: .unavailable(after: nil), words: "not available"),
    Refusal(http: 599, status: .server, words: "Connect's log"),
    Refusal(http: 301, status: .http, words: "redirects"),
    Refusal(http: 304, status: .http, words: "redirects"),
    Refusal(http: 405, status: .http, words: "does not have"),
    Refusal(http: 418, code: 1, status: .http, words: "does not have"),
    Refusal(http: 0, status: .http, words: "does not have"),
    Refusal(http: 600, status: .http, words: "does not have"),
  ]

  @Test("has its own status, and a message with Connect's code and words", arguments: all)
  func table(refusal: Refusal) {
    let body = refusal.code.map { #"{"code":\#($0),"error":"In Connect's words."}"# } ?? "<html>"
    let diagnosis = Diagnosis("HTTP/1.1 \(refusal.http) \r\n", body)
    let failure = diagnosis.failure
    #expect(failure.status == refusal.status)
    #expect(diagnosis.trouble == refusal.trouble)
    #expect(failure.isRetryable == (refusal.trouble != .final))
    #expect(failure.httpStatus == refusal.http)
    #expect(failure.apiCode == refusal.code ?? 0)
    #expect(failure.url == "https://example.com/x")
    #expect(failure.message.contains(refusal.words), "\(failure.message)")
    if let code = refusal.code {
      #expect(failure.message.contains("(HTTP \(refusal.http), code \(code): In Connect's words.)"))
    } else {
      #expect(failure.message.contains("(HTTP \(refusal.http))"))
    }
  }

  @Test("hands on the wait that the server asks for")
  func retryAfter() {
    for (http, trouble) in [
      (429, .rateLimited(after: 7_000)), (503, .unavailable(after: 7_000)),
    ] as [(Int, RetryPolicy.Trouble)] {
      #expect(Diagnosis("HTTP/1.1 \(http) \r\n", "", "Retry-After: 7\r\n").trouble == trouble)
    }
  }

  @Test("that redirects says where to, and that the key stayed")
  func redirect() {
    var head = ResponseHead("HTTP/1.1 302 Found\r\n")
    head.redirect = "https://login.example.net/?next=\(String(repeating: "x", count: 1_000))"
    let message = Diagnosis(refused: head, [], url: "").failure.message
    #expect(message.contains("\"https://login.example.net/"))
    #expect(message.contains("the key was not sent"))
    #expect(message.utf8.count < 600)
  }

  @Test("has one line and a bounded length in its message, whatever the server says")
  func hostileWords() {
    let words = String(repeating: "a\\n\\u0000\\u001b[2J", count: 1_000)
    let failure = Diagnosis("HTTP/1.1 500 \r\n", #"{"code":1,"error":"\#(words)"}"#).failure
    #expect(failure.message.utf8.count < 500)
    #expect(failure.message.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f })
  }
}

extension Diagnosis {
  fileprivate init(_ statusLine: String, _ body: String, _ headers: String...) {
    var head = ResponseHead(statusLine)
    for line in headers { Array(line.utf8).withUnsafeBytes { head.read($0) } }
    self.init(refused: head, Array(body.utf8), url: "https://example.com/x")
  }
}
