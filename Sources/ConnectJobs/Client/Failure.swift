/// How a call ended: the numbers of the C contract, where each is explained.
package struct Status: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  package static let ok = Status(rawValue: 0)
  package static let done = Status(rawValue: 1)
  package static let timeout = Status(rawValue: 2)
  package static let invalidArgument = Status(rawValue: -1)
  package static let configuration = Status(rawValue: -2)
  package static let unauthenticated = Status(rawValue: -3)
  package static let forbidden = Status(rawValue: -4)
  package static let notFound = Status(rawValue: -5)
  package static let unsupported = Status(rawValue: -6)
  package static let conflict = Status(rawValue: -7)
  package static let badRequest = Status(rawValue: -8)
  package static let rateLimited = Status(rawValue: -9)
  package static let server = Status(rawValue: -10)
  package static let http = Status(rawValue: -11)
  package static let network = Status(rawValue: -12)
  package static let tls = Status(rawValue: -13)
  package static let timedOut = Status(rawValue: -14)
  package static let `protocol` = Status(rawValue: -15)
  package static let tooLarge = Status(rawValue: -16)
  package static let cancelled = Status(rawValue: -17)
  package static let io = Status(rawValue: -18)
  package static let hook = Status(rawValue: -19)
  package static let callback = Status(rawValue: -20)
  package static let closed = Status(rawValue: -21)
  package static let busy = Status(rawValue: -22)
  package static let forked = Status(rawValue: -23)
  package static let noMemory = Status(rawValue: -24)
  package static let `internal` = Status(rawValue: -25)

  /// The name in the header, without its prefix.
  package var name: StaticString {
    switch self {
    case .ok: "OK"
    case .done: "DONE"
    case .timeout: "TIMEOUT"
    case .invalidArgument: "INVALID_ARGUMENT"
    case .configuration: "CONFIGURATION"
    case .unauthenticated: "UNAUTHENTICATED"
    case .forbidden: "FORBIDDEN"
    case .notFound: "NOT_FOUND"
    case .unsupported: "UNSUPPORTED"
    case .conflict: "CONFLICT"
    case .badRequest: "BAD_REQUEST"
    case .rateLimited: "RATE_LIMITED"
    case .server: "SERVER"
    case .http: "HTTP"
    case .network: "NETWORK"
    case .tls: "TLS"
    case .timedOut: "TIMED_OUT"
    case .protocol: "PROTOCOL"
    case .tooLarge: "TOO_LARGE"
    case .cancelled: "CANCELLED"
    case .io: "IO"
    case .hook: "HOOK"
    case .callback: "CALLBACK"
    case .closed: "CLOSED"
    case .busy: "BUSY"
    case .forked: "FORKED"
    case .noMemory: "NO_MEMORY"
    case .internal: "INTERNAL"
    default: "UNKNOWN"
    }
  }
}

/// Why a call failed. `message` is one sentence or two: what failed, and what to do about it.
package struct Failure: Error, Sendable {
  package var status: Status
  package var message: String
  package var httpStatus: Int32 = 0
  package var apiCode: Int64 = 0
  package var operation = ""
  package var url = ""
  package var isRetryable = false

  package init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message
  }

  package static let noMemory = Failure(.noMemory, "There is not enough memory.")

  /// The same failure, said of an operation.
  package func during(_ operation: StaticString) -> Failure {
    var copy = self
    if copy.operation.isEmpty { copy.operation = String(describing: operation) }
    return copy
  }

  /// The same failure with a secret taken out of everything that a person or a log may see.
  func redacting(_ secret: String) -> Failure {
    var copy = self
    copy.message = message.hiding(secret)
    copy.url = url.hiding(secret)
    return copy
  }
}

extension String {
  /// Without a secret, also as an address writes it. What will be cut must be freed of it before:
  /// a piece of the secret would no longer be found.
  func hiding(_ secret: String) -> String {
    guard !secret.isEmpty else { return self }
    // One so short is no real key, but part of many words: only a word of its own is hidden.
    let wholeWords = secret.utf8.count < 6
    return replacing(secret, with: "***", wholeWords: wholeWords)
      .replacing(PercentEncoding.encode(secret), with: "***", wholeWords: wholeWords)
  }

  /// Every place where `part` stands, replaced: byte by byte, so that no locale has a say.
  func replacing(_ part: String, with other: String, wholeWords: Bool = false) -> String {
    let bytes = Array(utf8)
    let wanted = Array(part.utf8)
    guard !wanted.isEmpty, bytes.count >= wanted.count else { return self }
    var result: [UInt8] = []
    var at = 0
    while at < bytes.count {
      let end = at + wanted.count
      if end <= bytes.count, bytes[at..<end].elementsEqual(wanted),
        !wholeWords || Self.isWord(bytes, at, end)
      {
        result += Array(other.utf8)
        at = end
      } else {
        result.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether no letter, digit or underscore stands next to these bytes.
  private static func isWord(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
    func joins(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x5f
    }
    return (start == 0 || !joins(bytes[start - 1])) && (end == bytes.count || !joins(bytes[end]))
  }
}
