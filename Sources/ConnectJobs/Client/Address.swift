/// The address of a server: scheme, host and a path prefix, without `/__api__` or a slash at its
/// end. It holds no user name, key, query or fragment.
package struct Address: Equatable, Sendable {
  package let text: String
  package let isEncrypted: Bool
  package let host: String

  /// Reads what a person would paste: with or without a trailing slash, `/__api__`, or the
  /// fragment of a dashboard page.
  package init(_ given: String) throws(Failure) {
    var rest = given.trimmingSpaces()[...]
    if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
    guard let scheme = Self.scheme(of: rest) else { throw Self.unusable(given, "has no scheme") }
    guard scheme == "http" || scheme == "https" else {
      throw Self.unusable(given, "begins with \(scheme):")
    }
    rest = rest.dropFirst(scheme.count + 3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    var path = rest.dropFirst(authority.count)
    guard !authority.isEmpty, authority.utf8.allSatisfy(Self.isPlain) else {
      throw Self.unusable(given, "names no host")
    }
    guard !authority.contains("@") else {
      throw Self.unusable("(not shown)", "holds a user name or password")
    }
    guard path.utf8.allSatisfy(Self.isPlain), !path.contains("?") else {
      throw Self.unusable(given, "has characters that no base address has")
    }
    while path.hasSuffix("/") { path = path.dropLast() }
    if path.hasSuffix("/__api__") { path = path.dropLast("/__api__".count) }
    while path.hasSuffix("/") { path = path.dropLast() }
    text = "\(scheme)://\(authority)\(path)"
    isEncrypted = scheme == "https"
    host = Self.host(of: authority)
  }

  /// Whether what is sent stays on this machine.
  package var isLoopback: Bool {
    host == "localhost" || host.hasPrefix("127.") || host == "[::1]"
  }

  /// `https://host:port`, to compare two addresses by.
  package var origin: String { Self.origin(of: text) ?? text }

  static func origin(of url: String) -> String? {
    guard let scheme = scheme(of: url[...]) else { return nil }
    let authority = url.dropFirst(scheme.count + 3).prefix { !"/?#".contains($0) }
    let withoutDefault =
      (scheme == "https" && authority.hasSuffix(":443"))
      ? authority.dropLast(4)
      : (scheme == "http" && authority.hasSuffix(":80")) ? authority.dropLast(3) : authority
    return "\(scheme)://\(withoutDefault.lowercased())"
  }

  private static func scheme(of text: Substring) -> String? {
    let name = text.prefix { $0 != ":" && $0 != "/" }
    guard !name.isEmpty, text.dropFirst(name.count).hasPrefix("://") else { return nil }
    return name.lowercased()
  }

  private static func host(of authority: Substring) -> String {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      return String(authority[...end]).lowercased()
    }
    return String(authority.prefix { $0 != ":" }).lowercased()
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7f && !"\"\\<>^`{|}".utf8.contains(byte)
  }

  private static func unusable(_ given: String, _ why: String) -> Failure {
    Failure(
      .configuration,
      "The server's address \(given.quoted) \(why). Set CONNECT_SERVER, or the option server, "
        + "to an address such as https://connect.example.com/.")
  }
}

/// What is put into the path of an address: a guid or a key.
package enum PathSegment {
  static let longest = 256

  /// The segment, percent-encoded.
  ///
  /// - Throws: `invalidArgument` for a text that is no name of one thing: it is empty, very long,
  ///   or has characters that would change which address is meant.
  package static func encode(_ text: String, what: StaticString) throws(Failure) -> String {
    guard !text.isEmpty else { throw refused(what, "is empty") }
    guard text.utf8.count <= longest else {
      throw refused(what, "has \(text.utf8.count) bytes; \(longest) are the most")
    }
    guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
      throw refused(what, "has a control character")
    }
    guard !text.utf8.contains(where: { #"/\?#%"#.utf8.contains($0) }), !text.holds(".."),
      text != "."
    else { throw refused(what, #"has one of / \ ? # % or .. in it"#) }
    return PercentEncoding.encode(text)
  }

  private static func refused(_ what: StaticString, _ why: String) -> Failure {
    Failure(
      .invalidArgument,
      "The \(what) \(why). Give it as the dashboard or a table shows it; nothing was sent.")
  }
}

enum PercentEncoding {
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// All but the unreserved characters of RFC 3986, as %XX.
  static func encode(_ text: String) -> String {
    var out: [UInt8] = []
    for byte in text.utf8 {
      if isUnreserved(byte) {
        out.append(byte)
      } else {
        out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~".utf8.contains(byte)
    }
  }
}

extension String {
  /// Whether the bytes of `part` stand anywhere in the text.
  func holds(_ part: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(start: part.utf8Start, count: part.utf8CodeUnitCount)
    let bytes = Array(utf8)
    guard bytes.count >= wanted.count else { return false }
    return (0...bytes.count - wanted.count).contains {
      bytes[$0..<$0 + wanted.count].elementsEqual(wanted)
    }
  }

  /// In quotes, cut where it is long, without control characters: for messages.
  package var quoted: String {
    let shown = String(
      decoding: utf8.prefix(200).map { $0 < 0x20 || $0 == 0x7f ? 0x3f : $0 }, as: UTF8.self)
    return utf8.count > 200 ? "\"\(shown)...\"" : "\"\(shown)\""
  }

  func trimmingSpaces() -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
    let head = drop(while: isSpace)
    return String(head.reversed().drop(while: isSpace).reversed())
  }
}
