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
      throw Self.unusable(given, "is neither http:// nor https://")
    }
    rest = rest.dropFirst(scheme.count + 3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    var path = rest.dropFirst(authority.count)
    guard !authority.utf8.contains(UInt8(ascii: "@")) else {
      throw Self.unusable(given, "holds a user name or password")
    }
    guard authority.utf8.allSatisfy(Self.isPlain), let hostEnd = Self.endOfHost(in: authority)
    else {
      throw Self.unusable(given, "names no host")
    }
    guard Self.isPort(authority[hostEnd...]) else {
      throw Self.unusable(given, "has no port from 1 to 65535 after its host")
    }
    guard path.utf8.allSatisfy(Self.isPlain), !path.contains("?") else {
      throw Self.unusable(given, "has characters that no base address has")
    }
    while path.hasSuffix("/") { path = path.dropLast() }
    if path.hasSuffix("/__api__") { path = path.dropLast("/__api__".count) }
    while path.hasSuffix("/") { path = path.dropLast() }
    text = "\(scheme)://\(authority)\(path)"
    isEncrypted = scheme == "https"
    host = authority[..<hostEnd].lowercased()
  }

  /// Whether what is sent stays on this machine.
  package var isLoopback: Bool {
    host == "localhost" || host == "[::1]"
      || host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == 0x2e || (0x30...0x39).contains($0) }
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

  /// Where the host ends; `nil` where there is none.
  private static func endOfHost(in authority: Substring) -> Substring.Index? {
    if authority.hasPrefix("[") {
      guard let close = authority.firstIndex(of: "]"), authority[..<close].count > 1 else {
        return nil
      }
      return authority.index(after: close)
    }
    let end = authority.firstIndex(of: ":") ?? authority.endIndex
    return end > authority.startIndex ? end : nil
  }

  /// Whether this is what may follow a host: nothing, or a colon and a port.
  private static func isPort(_ text: Substring) -> Bool {
    guard !text.isEmpty else { return true }
    let digits = text.dropFirst()
    return text.first == ":" && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
      && (1...65_535).contains(Int(digits) ?? 0)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7f && !"\"\\<>^`{|}".utf8.contains(byte)
  }

  /// What holds an @ may hold a password: it is not repeated.
  private static func unusable(_ given: String, _ why: String) -> Failure {
    let shown = given.utf8.contains(UInt8(ascii: "@")) ? "(not shown)" : given.quoted
    return Failure(
      .configuration,
      "The server's address \(shown) \(why). Set CONNECT_SERVER, or the option server, "
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

  /// Without spaces and line ends at both ends. Byte by byte: to Swift, "\r\n" is one character.
  func trimmingSpaces() -> String {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
    let head = utf8.drop(while: isSpace)
    guard let last = head.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(decoding: head[...last], as: UTF8.self)
  }
}
