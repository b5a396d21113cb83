import CCurl
import Testing

@testable import ConnectJobs

/// What libcurl says of an attempt, and what it is to a user.
struct Breakage: CustomTestStringConvertible {
  let code: CURLcode
  let status: Status
  let trouble: RetryPolicy.Trouble
  let words: String

  init(_ code: CURLcode, _ status: Status, _ trouble: RetryPolicy.Trouble, _ words: String) {
    self.code = code
    self.status = status
    self.trouble = trouble
    self.words = words
  }

  var testDescription: String { "libcurl's code \(code.rawValue)" }
}

extension EnvironmentTests {
  @Suite("An attempt that broke")
  struct BrokenAttemptTests {
    static let all = [
      Breakage(CURLE_COULDNT_RESOLVE_HOST, .network, .neverArrived, "name was not found"),
      Breakage(CURLE_COULDNT_RESOLVE_PROXY, .network, .neverArrived, "name was not found"),
      Breakage(CURLE_COULDNT_CONNECT, .network, .neverArrived, "could not be reached"),
      Breakage(CURLE_OPERATION_TIMEDOUT, .timedOut, .final, "raise the timeouts"),
      Breakage(CURLE_SSL_CONNECT_ERROR, .tls, .final, "ca_file"),
      Breakage(CURLE_PEER_FAILED_VERIFICATION, .tls, .final, "CONNECT_CA_CERTIFICATE"),
      Breakage(CURLE_SSL_CACERT_BADFILE, .tls, .final, "CONNECT_CA_CERTIFICATE"),
      Breakage(CURLE_OUT_OF_MEMORY, .noMemory, .final, "memory"),
      Breakage(CURLE_WEIRD_SERVER_REPLY, .protocol, .final, "not a usable HTTP answer"),
      Breakage(CURLE_BAD_CONTENT_ENCODING, .protocol, .final, "not a usable HTTP answer"),
      Breakage(CURLE_UNSUPPORTED_PROTOCOL, .protocol, .final, "not a usable HTTP answer"),
      Breakage(CURLE_URL_MALFORMAT, .configuration, .final, "CONNECT_SERVER"),
      Breakage(CURLE_RECV_ERROR, .network, .mayHaveArrived, "connection was lost"),
      Breakage(CURLE_SEND_ERROR, .network, .mayHaveArrived, "connection was lost"),
      Breakage(CURLE_GOT_NOTHING, .network, .mayHaveArrived, "connection was lost"),
      Breakage(CURLE_PARTIAL_FILE, .network, .mayHaveArrived, "connection was lost"),
      Breakage(CURLE_HTTP2_STREAM, .network, .mayHaveArrived, "connection was lost"),
    ]

    @Test("has its status, its remedy, libcurl's words and the address", arguments: all)
    func table(breakage: Breakage) throws {
      let idle = try IdleTransfer()
      let transfer = idle.transfer
      let diagnosis = Diagnosis(broken: transfer, breakage.code)
      #expect(diagnosis.failure.status == breakage.status)
      #expect(diagnosis.trouble == breakage.trouble)
      #expect(diagnosis.failure.message.contains(breakage.words), "\(diagnosis.failure.message)")
      #expect(diagnosis.failure.message.contains("(\(transfer.curl.describe(breakage.code)))"))
      #expect(diagnosis.failure.url == "https://example.com/__api__/v1/x")
      #expect(diagnosis.failure.httpStatus == 0)
      #expect(
        diagnosis.failure.isRetryable
          == (breakage.trouble != .final || breakage.status == .timedOut))
    }
  }
}

/// A transfer that is never started, with the session that it belongs to.
final class IdleTransfer {
  private let session: Session
  let transfer: Transfer

  init() throws(Failure) {
    session = try Session(try Curl.load(), try Configuration(.valid))
    let request = Request(url: "https://example.com/__api__/v1/x")
    transfer = try Transfer(request, NoSink(), session)
  }

  deinit { transfer.close() }
}

/// Takes nothing.
private final class NoSink: BodySink {
  let failure: Failure? = nil
  func receive(_ bytes: UnsafeRawBufferPointer, _ transfer: Transfer) -> SinkVerdict { .refused }
  func end(_ head: ResponseHead) throws(Failure) {}
  func restart() -> Bool { false }
}
