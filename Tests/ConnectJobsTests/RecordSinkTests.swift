import Testing

@testable import ConnectJobs

extension EnvironmentTests {
  @Suite("An answer that becomes a table")
  struct RecordSinkTests {
    private let json = #"[{"text":"a"},{"text":"b"}]"#

    @Test("is taken piece by piece, and is whole at its end")
    func whole() throws {
      let answer = try Answer()
      #expect(answer.receive("[{\"text\":\"") == .taken)
      #expect(answer.receive("a\"}]\n") == .taken)
      try answer.sink.end(answer.head)
      #expect(try answer.table.finish().cells("text") == ["a"])
      #expect(answer.sink.failure == nil)
    }

    @Test("may have as many bytes as the call allows, and not one more")
    func tooLarge() throws {
      let size = Int64(json.utf8.count)
      #expect(try Answer(maxBytes: size).receive(json) == .taken)
      let answer = try Answer(maxBytes: size - 1)
      #expect(answer.receive(String(json.dropLast(1))) == .taken)
      #expect(answer.receive("]") == .refused)
      let failure = try #require(answer.sink.failure)
      #expect(failure.status == .tooLarge)
      #expect(failure.message.contains("\(size - 1) bytes"))
      #expect(failure.message.contains("max_response_bytes"))
    }

    @Test("has no limit where the call has none")
    func noLimit() throws {
      #expect(try Answer(maxBytes: -1).receive(json) == .taken)
    }

    @Test("that is empty, or only space, is one that the API does not have")
    func empty() throws {
      for body in ["", " \r\n"] {
        let answer = try Answer()
        if !body.isEmpty { #expect(answer.receive(body) == .taken) }
        let failure = try #require(
          failure { () throws(Failure) in try answer.sink.end(answer.head) })
        #expect(failure.status == .protocol)
        #expect(failure.httpStatus == 200)
      }
    }

    @Test("that was cut off is one that the API does not have")
    func cutOff() throws {
      let answer = try Answer()
      #expect(answer.receive(#"[{"text":"a"},{"te"#) == .taken)
      let failure = try #require(failure { () throws(Failure) in try answer.sink.end(answer.head) })
      #expect(failure.status == .protocol)
      #expect(failure.message.contains("not whole"))
    }

    @Test("of another shape is refused, and the message names the field")
    func wrongShape() throws {
      let answer = try Answer()
      #expect(answer.receive(#"[{"small":"seven"}]"#) == .refused)
      let failure = try #require(answer.sink.failure)
      #expect(failure.status == .protocol)
      #expect(failure.message.contains(#"the field "small" has a value of another type"#))
    }

    @Test("begins anew for a second attempt, with nothing of the first")
    func restart() throws {
      let answer = try Answer(maxBytes: Int64(json.utf8.count))
      #expect(answer.receive(#"[{"text":"gone"},{"text":"too much"}]"#) == .refused)
      #expect(answer.sink.failure != nil)
      #expect(answer.sink.restart())
      #expect(answer.sink.failure == nil)
      #expect(answer.receive(json) == .taken)
      try answer.sink.end(answer.head)
      #expect(try answer.table.finish().cells("text") == ["a", "b"])
    }
  }
}

@Suite("What could not be read")
struct ReadingFailureTests {
  @Test("is a failure with the status of its kind, and says what to do")
  func kinds() {
    let head = ResponseHead("HTTP/1.1 200 OK\r\n", "Content-Type: application/json\r\n")
    for (fault, status, words) in [
      (.syntax("it ends in the middle"), .protocol, "it ends in the middle"),
      (.shape("it is not an object"), .protocol, "it is not an object"),
      (.entryTooLarge, .tooLarge, "max_entry_bytes"), (.noMemory, .noMemory, "memory"),
    ] as [(ReadingFault, Status, String)] {
      let failure = Failure(fault, head)
      #expect(failure.status == status)
      #expect(failure.message.contains(words))
      #expect(failure.httpStatus == 200)
      #expect(!failure.isRetryable)
    }
  }

  @Test("is called a web page where it is one")
  func webPage() {
    let head = ResponseHead("HTTP/1.1 200 OK\r\n", "Content-Type: text/html; charset=utf-8\r\n")
    #expect(Failure(.syntax("x"), head).message.contains("web page"))
    #expect(Failure(.syntax("x"), head).message.contains("login"))
  }
}

/// An answer on its way into a table of one field of each type.
private struct Answer {
  let table = TableBuilder(oneOfEach)
  let sink: RecordSink
  let idle: IdleTransfer
  let head = ResponseHead("HTTP/1.1 200 OK\r\n")

  init(maxBytes: Int64 = 0) throws {
    let configuration = try Configuration(.valid)
    var options = CallOptions()
    options.maxResponseBytes = maxBytes
    sink = RecordSink(table, .array, Call("jobs_list", options, of: configuration), configuration)
    idle = try IdleTransfer()
  }

  func receive(_ text: String) -> SinkVerdict {
    Array(text.utf8).withUnsafeBytes { sink.receive($0, idle.transfer) }
  }
}
