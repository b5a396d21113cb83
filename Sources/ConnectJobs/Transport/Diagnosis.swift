import CCurl

/// Turns what an attempt ended with into a failure that a person can act on, and into the kind of
/// trouble that the retry policy knows.
struct Diagnosis {
  let failure: Failure
  let trouble: RetryPolicy.Trouble
}

extension Diagnosis {
  /// Of an attempt that libcurl could not carry through.
  init(broken transfer: Transfer, _ code: CURLcode) {
    let words = transfer.describe(code)
    let kind = BrokenKind(code)
    var failure = Failure(kind.status, "\(kind.sentence) (\(words)). \(kind.remedy)")
    failure.url = transfer.request.url
    failure.isRetryable = kind.trouble != .final || kind.status == .timedOut
    self.init(failure: failure, trouble: kind.trouble)
  }

  /// Of an answer that is not a success. A server may say the key back: it is hidden.
  init(refused answer: ResponseHead, _ body: [UInt8], url: String, hiding key: String = "") {
    var head = answer
    head.redirect = head.redirect?.hiding(key)
    let said = APIError(body, hiding: key)
    let kind = RefusedKind(head, said)
    var failure = Failure(kind.status, kind.message(head, said))
    failure.httpStatus = head.status
    failure.apiCode = said.code ?? 0
    failure.url = url
    failure.isRetryable = kind.trouble != .final
    self.init(failure: failure, trouble: kind.trouble)
  }
}

/// Connect's error body, as far as there is one.
struct APIError {
  private(set) var code: Int64?
  private(set) var text: String?

  init(_ body: [UInt8], hiding key: String = "") {
    let table = TableBuilder(Schemas.apiError)
    let reader = RecordReader(table, .object, maxEntryBytes: 64 * 1024)
    body.withUnsafeBytes { _ = try? reader.read($0) }
    // What stands before a cut, or before something that cannot be read, still counts.
    guard table.rows == 1 || table.commitRow(), let read = try? table.finish() else { return }
    code = read.integer("code", 0)
    text = read.string("error", 0).flatMap { $0.isEmpty ? nil : $0.hiding(key) }
  }
}

/// The kinds of broken attempts.
private struct BrokenKind {
  let status: Status
  let trouble: RetryPolicy.Trouble
  let sentence: String
  let remedy: String

  init(_ code: CURLcode) {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      status = .network
      trouble = .neverArrived
      sentence = "The host's name was not found"
      remedy = "Check the address, the VPN and the proxy settings."
    case CURLE_COULDNT_CONNECT:
      status = .network
      trouble = .neverArrived
      sentence = "The server could not be reached"
      remedy = "Check that it runs, the port of the address, the VPN and the proxy settings."
    case CURLE_OPERATION_TIMEDOUT:
      status = .timedOut
      trouble = .final
      sentence = "The server did not answer in time"
      remedy = "Check the VPN and the proxy, or raise the timeouts."
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_INVALIDCERTSTATUS,
      CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_SHUTDOWN_FAILED:
      status = .tls
      trouble = .final
      sentence = "No secure connection could be made"
      remedy =
        "If the server's certificate comes from your own authority, set CONNECT_CA_CERTIFICATE, or "
        + "the option ca_file, to that authority's PEM file; check that the port speaks TLS."
    case CURLE_OUT_OF_MEMORY:
      status = .noMemory
      trouble = .final
      sentence = "There is not enough memory"
      remedy = ""
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_UNSUPPORTED_PROTOCOL:
      status = .protocol
      trouble = .final
      sentence = "What came is not a usable HTTP answer"
      remedy = "Check the address, and whether a proxy stands between."
    case CURLE_URL_MALFORMAT:
      status = .configuration
      trouble = .final
      sentence = "The address cannot be used"
      remedy = "Set CONNECT_SERVER to an address such as https://connect.example.com/."
    default:
      status = .network
      trouble = .mayHaveArrived
      sentence = "The connection was lost"
      remedy = "Try again; if it goes on, check the VPN, the proxy and the server."
    }
  }
}

/// The kinds of refusals, by HTTP status and Connect's code.
private struct RefusedKind {
  let status: Status
  let trouble: RetryPolicy.Trouble
  let sentence: String
  let remedy: String

  private init(
    _ status: Status, _ sentence: String, _ remedy: String, _ trouble: RetryPolicy.Trouble = .final
  ) {
    self.status = status
    self.sentence = sentence
    self.remedy = remedy
    self.trouble = trouble
  }

  init(_ head: ResponseHead, _ said: APIError) {
    switch head.status {
    case 400:
      self.init(
        .badRequest, "Connect cannot use the request",
        "Check the guid and the key; a guid looks like 7c7f5b0e-9f5d-4ab6-b7d0-3c3f4f6f2f0a.")
    case 401:
      self.init(
        .unauthenticated, "Connect does not accept the API key",
        "Check CONNECT_API_KEY, or the option api_key; make a new key in Connect under your name, "
          + "API Keys.")
    case 402:
      self.init(
        .http, "Connect's licence has expired", "Ask its administrator to renew it.")
    case 403:
      self.init(
        .forbidden, "The key's owner may not do this",
        said.code == 50
          ? "The user is locked: ask Connect's administrator."
          : "Ask the content's owner to make you a collaborator, or use an administrator's key.")
    case 404: self = Self.notFound(said)
    case 409:
      self.init(
        .conflict, "The job's state does not allow this",
        said.code == 163
          ? "It is not active any more: nothing is left to kill." : "Look at the job's status.")
    case 429:
      self.init(
        .rateLimited, "The server asks for fewer requests", "Try again later.",
        .rateLimited(after: head.retryAfter))
    case 502, 503, 504:
      self.init(
        .server, "Connect, or a proxy before it, is not available",
        "Try again in a moment; if it goes on, ask its administrator.",
        .unavailable(after: head.retryAfter))
    case 500...599:
      self.init(
        .server, "Connect failed",
        "Try again; if it goes on, its administrator finds more in "
          + "Connect's log.")
    case 300...399: self = Self.redirected(head)
    default:
      self.init(
        .http, "The server gave an answer that the API does not have",
        "Check the address, and whether a proxy stands between.")
    }
  }

  private static func notFound(_ said: APIError) -> RefusedKind {
    switch said.code {
    case 4:
      RefusedKind(
        .notFound, "There is no such content item or job",
        "Check the guid and the key; old jobs are removed by the server.")
    case 141:
      RefusedKind(
        .notFound, "Another node of this Connect answered, which does not know the session",
        "Try again; if it goes on, the load balancer's sticky sessions are not set up.",
        .lostSession)
    case nil, 2:
      RefusedKind(
        .unsupported, "This server has no such endpoint",
        "It is older than Connect 2022.10.0, not a Connect, or behind a path that the address "
          + "lacks: check CONNECT_SERVER.")
    default:
      RefusedKind(.unsupported, "The server does not offer this", "Check its version.")
    }
  }

  private static func redirected(_ head: ResponseHead) -> RefusedKind {
    let target = head.redirect ?? "nowhere"
    return RefusedKind(
      .http,
      "The server redirects to another address, \(target.quoted), to which the key was not sent",
      "If that is your Connect, set CONNECT_SERVER to it; else a login page or proxy stands "
        + "between.")
  }

  func message(_ head: ResponseHead, _ said: APIError) -> String {
    var facts = "HTTP \(head.status)"
    if let code = said.code { facts += ", code \(code)" }
    if let text = said.text { facts += ": \(text.plain)" }
    return "\(sentence) (\(facts)). \(remedy)"
  }
}

extension String {
  /// Cut where it is long, on one line: what a server said, for a message.
  var plain: String { String(quoted.dropFirst().dropLast()) }
}
