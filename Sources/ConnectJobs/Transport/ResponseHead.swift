/// What a response says before its body: a value that is fed header lines.
struct ResponseHead: Equatable, Sendable {
  private(set) var status: Int32 = 0
  private(set) var contentType = ""
  private(set) var isEncoded = false
  /// Milliseconds.
  private(set) var retryAfter: Int64?
  private(set) var deprecatedEndpoint: String?
  /// Where a redirect leads, as an absolute address; filled in by the transfer.
  var redirect: String?

  var isSuccess: Bool { (200..<300).contains(status) }
  /// An answer that tells by its status what is wrong, even where its page is cut.
  var isRefusal: Bool { status >= 300 }
  var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) && redirect != nil }

  /// Reads one line. A status line begins a new head: an interim answer's is forgotten.
  mutating func read(_ bytes: UnsafeRawBufferPointer) {
    guard Self.mayMatter(bytes) else { return }
    let line = String(decoding: bytes.prefix(4096), as: UTF8.self).trimmingSpaces()
    if line.hasPrefix("HTTP/") {
      self = ResponseHead()
      let words = line.split(separator: " ", maxSplits: 2)
      if words.count > 1 { status = Int32(words[1]) ?? 0 }
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = String(line[line.index(after: colon)...]).trimmingSpaces()
    switch line[..<colon].lowercased() {
    case "content-type": contentType = value.lowercased()
    case "content-encoding": isEncoded = value.lowercased() != "identity"
    case "retry-after": retryAfter = Self.seconds(value)
    case "x-deprecated-endpoint": deprecatedEndpoint = value
    default: break
    }
  }

  /// Whether a line may be one of those that are read, by its name's length: most are not, and are not
  /// worth a text.
  private static func mayMatter(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let colon = bytes.place(of: UInt8(ascii: ":")) else { return true }
    switch colon {
    case 11, 12, 16, 21: return true
    // A status line may have a colon in its words; a name may have space around it.
    default: return bytes.starts(with: "HTTP/".utf8) || bytes[..<colon].contains { $0 <= 0x20 }
    }
  }

  /// The form in seconds; the form with a date is rare enough to be left to the usual backoff. A
  /// number that is too large for a sum is a very long wait, not none.
  private static func seconds(_ text: String) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return min(Int64(text) ?? .max, .max / 1_000) * 1_000
  }
}
