import Testing

@testable import ConnectJobs

@Suite("Connect's error body")
struct APIErrorTests {
  @Test("gives its code and words")
  func whole() {
    let said = APIError(
      #"{"code": 4, "error": "The requested object does not exist.", "payload": {"a": [1]}}"#)
    #expect(said.code == 4)
    #expect(said.text == "The requested object does not exist.")
  }

  @Test(
    "gives what there is of it",
    arguments: [
      (#"{"code": 163}"#, 163, nil), (#"{"code": null, "error": "x"}"#, nil, "x"),
      (#"{"error": "x"}"#, nil, "x"), (#"{"code": 4, "error": ""}"#, 4, nil),
      (#"{"code": "4", "error": null}"#, 4, nil), (#"{"code": 4.0}"#, 4, nil), ("{}", nil, nil),
      (" \n{\"code\":2}\r\n", 2, nil),
    ] as [(String, Int64?, String?)])
  func partial(body: String, code: Int64?, text: String?) {
    #expect(APIError(body).code == code)
    #expect(APIError(body).text == text)
  }

  @Test(
    "gives nothing where it is another's",
    arguments: [
      "", " ", "404 page not found", "<!DOCTYPE html><html><body>502</body></html>", "null", "[]",
      "7", "\"text\"", #"[{"code": 4}]"#, "{", #"{"code": "#, "\u{0}", #"{"code": {}}"#,
      #"{"code": 99999999999999999999}"#,
    ])
  func foreign(body: String) {
    #expect(APIError(body).code == nil)
    #expect(APIError(body).text == nil)
  }

  @Test(
    "keeps the code although something after it cannot be read",
    arguments: [
      #"{"code": 4, "error": {"reason": "gone"}}"#, #"{"code": 4, "payload": "\#("x")"#,
      #"{"code": 4, "payload": tru}"#, #"{"code": 4} and more"#,
    ])
  func damaged(body: String) {
    #expect(APIError(body).code == 4)
  }

  @Test("keeps code and words although its payload is cut, or nested very deep")
  func cut() {
    let start = #"{"code":4,"error":"gone","payload":"#
    for rest in [
      "\"" + String(repeating: "x", count: 70_000), String(repeating: "[", count: 100_000),
    ] {
      let said = APIError(start + rest)
      #expect(said.code == 4)
      #expect(said.text == "gone")
    }
  }

  @Test("survives words of any length, and bytes that are no text")
  func hostile() {
    let long = APIError(#"{"code":1,"error":""# + String(repeating: "x", count: 100_000) + #""}"#)
    #expect(long.code == 1)
    let bytes: [UInt8] = Array(#"{"code":1,"error":""#.utf8) + [0xff, 0xc0] + Array(#""}"#.utf8)
    #expect(APIError(bytes).code == 1)
    #expect(APIError(bytes).text == nil)
  }
}

extension APIError {
  init(_ body: String) { self.init(Array(body.utf8)) }
}
