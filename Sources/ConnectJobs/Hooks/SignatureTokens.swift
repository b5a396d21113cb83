/// What a signature's text is made of.
enum SignatureToken: Equatable, Sendable {
  case word(String)
  case integer(negative: Bool, magnitude: UInt64)
  case real(Double)
  case string(String)
  case open
  case close
  case comma
  case star
  case dots
  case end

  /// For messages.
  var description: String {
    switch self {
    case .word(let word): word.quoted
    case .integer, .real: "a number"
    case .string: "a string"
    case .open: "\"(\""
    case .close: "\")\""
    case .comma: "\",\""
    case .star: "\"*\""
    case .dots: "\"...\""
    case .end: "the end"
    }
  }
}

/// Cuts a text into tokens.
struct SignatureTokens {
  private let text: [Unicode.Scalar]
  private var at = 0
  private var place = TextPlace()

  init(_ text: String) {
    self.text = Array(text.unicodeScalars)
  }

  /// The next token and where it begins; at the end, `.end` again and again.
  mutating func next() throws(SignatureFault) -> (token: SignatureToken, place: TextPlace) {
    while let scalar = peek, Self.isSpace(scalar) { advance() }
    let start = place
    guard let scalar = peek else { return (.end, start) }
    if let single = Self.single(scalar) {
      advance()
      return (single, start)
    }
    if Self.beginsWord(scalar) { return (.word(word()), start) }
    if scalar == "\"" { return (.string(try string(start)), start) }
    if scalar == "." {
      for _ in 0..<3 {
        guard peek == "." else { throw SignatureFault(start, "dots are written \"...\"") }
        advance()
      }
      return (.dots, start)
    }
    if scalar == "-" || scalar == "+" || Self.isDigit(scalar) {
      return (try number(start), start)
    }
    throw SignatureFault(start, "\(String(scalar).quoted) means nothing here")
  }

  // MARK: Characters

  private var peek: Unicode.Scalar? { at < text.count ? text[at] : nil }

  private mutating func advance() {
    if text[at] == "\n" {
      place = TextPlace(line: place.line + 1, column: 1)
    } else {
      place.column += 1
    }
    at += 1
  }

  private static func single(_ scalar: Unicode.Scalar) -> SignatureToken? {
    switch scalar {
    case "(": .open
    case ")": .close
    case ",": .comma
    case "*": .star
    default: nil
    }
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func beginsWord(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_" || scalar == "$"
  }

  private static func isInWord(_ scalar: Unicode.Scalar) -> Bool {
    beginsWord(scalar) || isDigit(scalar)
  }

  // MARK: Words and numbers

  private mutating func word() -> String {
    var word = String.UnicodeScalarView()
    while let scalar = peek, Self.isInWord(scalar) {
      word.append(scalar)
      advance()
    }
    return String(word)
  }

  /// A whole number, decimal or hexadecimal, or one with a point or an exponent.
  private mutating func number(_ start: TextPlace) throws(SignatureFault) -> SignatureToken {
    var digits = String.UnicodeScalarView()
    let isNegative = peek == "-"
    if peek == "-" || peek == "+" { advance() }
    var last: Unicode.Scalar = " "
    while let scalar = peek,
      Self.isInWord(scalar) || scalar == "."
        || ((scalar == "-" || scalar == "+") && (last == "e" || last == "E"))
    {
      digits.append(scalar)
      last = scalar
      advance()
    }
    let written = String(digits)
    if written.hasPrefix("0x") || written.hasPrefix("0X") {
      guard let value = UInt64(written.dropFirst(2), radix: 16) else {
        throw SignatureFault(start, "\(written.quoted) is no number that fits")
      }
      return .integer(negative: isNegative, magnitude: value)
    }
    if let value = UInt64(written) {
      // In C it would be octal: not what a person means who writes it here.
      guard written.utf8.count == 1 || !written.hasPrefix("0") else {
        throw SignatureFault(start, "a number may not begin with 0")
      }
      return .integer(negative: isNegative, magnitude: value)
    }
    // Double reads names such as "inf" too.
    guard let first = written.unicodeScalars.first, Self.isDigit(first),
      written.contains(".") || written.contains("e") || written.contains("E"),
      let value = Double(written), value.isFinite
    else { throw SignatureFault(start, "\(written.quoted) is no number that fits") }
    return .real(isNegative ? -value : value)
  }

  // MARK: Strings

  private mutating func string(_ start: TextPlace) throws(SignatureFault) -> String {
    var result = String.UnicodeScalarView()
    advance()
    while let scalar = peek {
      switch scalar {
      case "\"":
        advance()
        return String(result)
      case "\\": result.append(try escape())
      case "\n": throw SignatureFault(start, "the string has no end on its line")
      case "\0": throw SignatureFault(place, "a string may not hold a NUL: C would end it there")
      default:
        result.append(scalar)
        advance()
      }
    }
    throw SignatureFault(start, "the string has no end")
  }

  private mutating func escape() throws(SignatureFault) -> Unicode.Scalar {
    let start = place
    advance()
    guard let scalar = peek else { throw SignatureFault(start, "the string has no end") }
    advance()
    switch scalar {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "\\", "\"", "'": return scalar
    default:
      throw SignatureFault(start, "of the escapes, \\n, \\t, \\r, \\\\ and \\\" are known")
    }
  }
}
