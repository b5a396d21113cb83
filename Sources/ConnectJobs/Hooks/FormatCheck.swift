import Glibc

/// Holds the arguments of a variadic call against its format, as a compiler does.
///
/// A format's conversions take the arguments after it. What is left must be another constant string
/// with its own (as journald has it), or a NULL at the end.
enum FormatCheck {
  static func check(_ signature: Signature) throws(SignatureFault) {
    try checkFamily(signature)
    guard let fixed = signature.fixedCount else { return }
    let arguments = signature.arguments
    var at = fixed - 1
    while at < arguments.count {
      let argument = arguments[at]
      if at > 0, at == arguments.count - 1, argument.value == .null { return }
      guard let format = argument.constantText else {
        throw SignatureFault(
          argument.place,
          "no conversion takes this argument: here can only be another constant string, or NULL at "
            + "the end")
      }
      at += 1
      for conversion in try conversions(in: format, argument.place) {
        guard at < arguments.count else {
          throw SignatureFault(
            argument.place, "nothing is left for the conversion \(conversion.text.quoted)")
        }
        guard conversion.takes(arguments[at].type.promoted) else {
          throw SignatureFault(
            arguments[at].place,
            "the conversion \(conversion.text.quoted) does not take a \(arguments[at].type.name)")
        }
        at += 1
      }
    }
  }

  // MARK: Functions that are known to take a format

  private static func checkFamily(_ signature: Signature) throws(SignatureFault) {
    let name = plain(signature.symbol)
    guard !isNeverSafe(name) else { throw refused(signature.symbol) }
    if case .line(let free?) = signature.result {
      // It would get a line of the log for its format.
      let free = plain(free)
      guard !isNeverSafe(free), !takesFormat(free) else { throw refused(free) }
    }
    guard signature.fixedCount == nil, takesFormat(name) else { return }
    throw SignatureFault(
      TextPlace(),
      "\(name.quoted) takes a format: make it a constant string, and write \"...\" after it")
  }

  private static func refused(_ name: String) -> SignatureFault {
    SignatureFault(
      TextPlace(), "\(name.quoted) cannot be hooked so: what it takes cannot be given safely")
  }

  /// The name that people know of one such as `__snprintf_chk`.
  private static func plain(_ symbol: String) -> String {
    var name = symbol[...]
    while name.hasPrefix("_") { name = name.dropFirst() }
    if name.hasSuffix("_chk") { name = name.dropLast(4) }
    if name.hasPrefix("IO_") { name = name.dropFirst(3) }
    if name.hasPrefix("isoc99_") || name.hasPrefix("isoc23_") { name = name.dropFirst(7) }
    return String(name)
  }

  private static func takesFormat(_ name: String) -> Bool {
    name.hasSuffix("printf") || takers.contains(name)
  }

  /// What writes into its arguments, takes wide text, or takes a va_list. Of those, the names have a
  /// v at their beginning, behind what stands for a library: `g_vsnprintf`.
  private static func isNeverSafe(_ name: String) -> Bool {
    let own = name.utf8.lastIndex(of: UInt8(ascii: "_")).map { name[name.index(after: $0)...] }
    let hasList = (own ?? name[...]).hasPrefix("v") && name.hasSuffix("printf")
    let isListForm = name.hasPrefix("v") && takers.contains(String(name.dropFirst()))
    return hasList || isListForm || name.hasSuffix("scanf") || name.hasSuffix("wprintf")
      || name == "sd_journal_printv"
  }

  /// Beside all whose names end with printf.
  private static let takers = [
    "syslog", "err", "errx", "warn", "warnx", "error", "error_at_line", "setproctitle", "g_log",
    "g_print", "g_printerr", "Rf_error", "Rf_warning", "PyErr_Format",
    "sd_journal_print", "sd_journal_send", "sd_journal_print_with_location",
    "sd_journal_send_with_location",
  ]

  // MARK: Conversions

  /// What takes one argument: a conversion, or a width or precision that is a `*`.
  struct Conversion: Equatable {
    let text: String
    let kind: Kind

    enum Kind: Equatable {
      case integer(bytes: Int)
      case real
      case text
      case pointer
    }

    func takes(_ type: CType) -> Bool {
      switch kind {
      case .integer(let bytes): type.isInteger && type.bytes == bytes
      case .real: type == .double
      case .text: type == .text
      case .pointer: type.isPointer
      }
    }
  }

  static func conversions(
    in format: String, _ place: TextPlace
  ) throws(SignatureFault) -> [Conversion] {
    var found: [Conversion] = []
    var rest = Array(format.unicodeScalars)[...]
    while let percent = rest.firstIndex(of: "%") {
      rest = rest[(percent + 1)...]
      if rest.first == "%" {
        rest.removeFirst()
        continue
      }
      let begin = rest.startIndex
      let stars = skipFlags(&rest)
      let (length, isLong) = takeLength(&rest)
      guard let letter = rest.first else {
        throw SignatureFault(place, "the format ends within a conversion")
      }
      rest.removeFirst()
      var text = "%"
      for scalar in Array(format.unicodeScalars)[begin..<rest.startIndex] {
        text.unicodeScalars.append(scalar)
      }
      found += stars.map { Conversion(text: $0, kind: .integer(bytes: CType.int.bytes)) }
      if letter == "m" { continue }
      guard let kind = kind(letter, length, isLong) else {
        throw SignatureFault(place, "the conversion \(text.quoted) cannot be used here")
      }
      found.append(Conversion(text: text, kind: kind))
    }
    return found
  }

  /// Flags, width and precision.
  ///
  /// - Returns: the stars among them, each of which takes an int.
  private static func skipFlags(_ rest: inout ArraySlice<Unicode.Scalar>) -> [String] {
    var stars: [String] = []
    while let scalar = rest.first,
      "#0- +'.*".unicodeScalars.contains(scalar) || ("0"..."9").contains(scalar)
    {
      if scalar == "*" { stars.append("*") }
      rest.removeFirst()
    }
    return stars
  }

  /// The length modifier: how many bytes an integer has.
  private static func takeLength(
    _ rest: inout ArraySlice<Unicode.Scalar>
  ) -> (bytes: Int, isGiven: Bool) {
    var letters = ""
    while let scalar = rest.first, "hljztL".unicodeScalars.contains(scalar) {
      letters.unicodeScalars.append(scalar)
      rest.removeFirst()
    }
    switch letters {
    case "", "h", "hh": return (MemoryLayout<CInt>.size, !letters.isEmpty)
    case "l": return (MemoryLayout<CLong>.size, true)
    case "ll": return (MemoryLayout<CLongLong>.size, true)
    case "j": return (MemoryLayout<intmax_t>.size, true)
    case "z", "t": return (MemoryLayout<Int>.size, true)
    default: return (0, true)
    }
  }

  private static func kind(
    _ letter: Unicode.Scalar, _ bytes: Int, _ hasLength: Bool
  ) -> Conversion.Kind? {
    switch letter {
    case "d", "i", "u", "x", "X", "o": return bytes > 0 ? .integer(bytes: bytes) : nil
    case "c": return hasLength ? nil : .integer(bytes: bytes)
    case "f", "F", "e", "E", "g", "G", "a", "A": return bytes > 0 ? .real : nil
    case "s": return hasLength ? nil : .text
    case "p": return hasLength ? nil : .pointer
    // %n would write; %ls and %S read wide characters.
    default: return nil
    }
  }
}
