/// Reads a signature: a value that goes through the text once.
struct SignatureParser {
  private var tokens: SignatureTokens
  private var token = SignatureToken.end
  private var place = TextPlace()
  private let event: HookEvent
  private let fields: [HookField]
  private let constants: [String: HookConstant]

  init(
    _ text: String, _ event: HookEvent, _ constants: [String: HookConstant]
  ) throws(SignatureFault) {
    tokens = SignatureTokens(text)
    self.event = event
    self.constants = constants
    fields = event.fields
    try advance()
  }

  mutating func signature() throws(SignatureFault) -> Signature {
    let result = try self.result()
    let symbol = try word("the function's name")
    try expect(.open)
    let (arguments, fixedCount) = try self.arguments()
    try expect(.close)
    guard token == .end else { throw unexpected("the end") }
    return Signature(
      result: result, symbol: symbol, arguments: arguments, fixedCount: fixedCount)
  }

  // MARK: Tokens

  private mutating func advance() throws(SignatureFault) {
    (token, place) = try tokens.next()
  }

  private func unexpected(_ wanted: String) -> SignatureFault {
    SignatureFault(place, "here should be \(wanted), not \(token.description)")
  }

  private mutating func expect(_ wanted: SignatureToken) throws(SignatureFault) {
    guard token == wanted else { throw unexpected(wanted.description) }
    try advance()
  }

  private mutating func word(_ what: String) throws(SignatureFault) -> String {
    guard case .word(let word) = token else { throw unexpected(what) }
    try advance()
    return word
  }

  // MARK: Results

  /// All words before the function's name.
  private mutating func result() throws(SignatureFault) -> Signature.Result {
    let start = place
    let first = try word("what the function returns, such as \"void\"")
    switch first {
    case "void":
      guard token != .star else { throw noPointer() }
      return .nothing
    case "status": return .status
    case "verdict":
      try checkDecides(first, start)
      return .verdict
    case "line":
      try checkDecides(first, start)
      return .line(freedBy: try freeing())
    default: return .number(try number(first, start))
    }
  }

  private func checkDecides(_ result: String, _ start: TextPlace) throws(SignatureFault) {
    guard event.isDecided else {
      throw SignatureFault(
        start, "only a hook of \"entry\" can return a \(result); \(event.name.quoted) is over")
    }
  }

  /// `free(NAME)` between `line` and the function's name.
  private mutating func freeing() throws(SignatureFault) -> String? {
    var ahead = self
    guard try ahead.word("the function's name") == "free", ahead.token == .open else { return nil }
    try ahead.advance()
    guard case .word(let name) = ahead.token else { return nil }
    try ahead.advance()
    guard ahead.token == .close else { return nil }
    try ahead.advance()
    // Else it was the function itself that is called free.
    guard case .word = ahead.token else { return nil }
    self = ahead
    return name
  }

  private mutating func number(
    _ first: String, _ start: TextPlace
  ) throws(SignatureFault) -> CType {
    var words = first == "const" ? [] : [first]
    // The last word is the function's name.
    var ahead = self
    while case .word(let word) = ahead.token {
      try ahead.advance()
      guard case .word = ahead.token else { break }
      words.append(word)
      self = ahead
    }
    guard token != .star, ahead.token != .star else { throw noPointer() }
    guard let type = CType(words, isPointer: false) else {
      let known = "void, status, verdict, line or a number of C such as int"
      guard token == .open else {
        throw SignatureFault(start, "\(joined(words).quoted) is none of \(known)")
      }
      throw SignatureFault(start, "what the function returns is missing: \(known)")
    }
    return type
  }

  private func noPointer() -> SignatureFault {
    SignatureFault(
      place, "a pointer cannot be returned: write \"void\" to pass over it, or \"line\" for a text")
  }

  // MARK: Arguments

  private mutating func arguments() throws(SignatureFault) -> ([Signature.Argument], Int?) {
    var arguments: [Signature.Argument] = []
    var fixedCount: Int?
    guard token != .close else { return ([], nil) }
    while true {
      if token == .dots {
        try checkDots(after: arguments, fixedCount)
        fixedCount = arguments.count
        try advance()
      } else {
        guard arguments.count < Signature.mostArguments else {
          throw SignatureFault(
            place, "more than \(Signature.mostArguments) arguments cannot be given")
        }
        arguments.append(try argument())
      }
      guard token == .comma else { return (arguments, fixedCount) }
      try advance()
    }
  }

  private func checkDots(
    after arguments: [Signature.Argument], _ fixedCount: Int?
  ) throws(SignatureFault) {
    guard fixedCount == nil else { throw SignatureFault(place, "there can be only one \"...\"") }
    guard let last = arguments.last else {
      throw SignatureFault(place, "C has no variadic function without an argument before the dots")
    }
    guard last.constantText != nil else {
      throw SignatureFault(
        last.place,
        "the argument before \"...\" must be a constant string: what comes from a log is never a "
          + "format")
    }
  }

  private mutating func argument() throws(SignatureFault) -> Signature.Argument {
    let start = place
    var cast: CType?
    if token == .open {
      try advance()
      cast = try type()
      try expect(.close)
    }
    let value = try self.value()
    let type = try ArgumentTypes.type(of: value, cast: cast, at: start)
    return Signature.Argument(value: value, type: type, place: start)
  }

  private mutating func type() throws(SignatureFault) -> CType {
    let start = place
    var words: [String] = []
    while case .word(let word) = token {
      if word != "const" { words.append(word) }
      try advance()
    }
    let isPointer = token == .star
    if isPointer { try advance() }
    guard let type = CType(words, isPointer: isPointer) else {
      throw SignatureFault(
        start, "\((joined(words) + (isPointer ? " *" : "")).quoted) is no type that can be given")
    }
    return type
  }

  private mutating func value() throws(SignatureFault) -> Signature.Value {
    let start = place
    let given = token
    switch given {
    case .word(let word):
      try advance()
      return try named(word, start)
    case .integer(let isNegative, let magnitude):
      try advance()
      return try integer(isNegative, magnitude, start)
    case .real(let value):
      try advance()
      return .real(value)
    case .string(let text):
      try advance()
      return .string(text)
    default: throw unexpected("an argument")
    }
  }

  private func named(
    _ word: String, _ start: TextPlace
  ) throws(SignatureFault) -> Signature.Value {
    if word == "NULL" { return .null }
    if word == "context" { return .context }
    if let field = fields.first(where: { $0.name == word }) { return .field(field) }
    switch constants[word] {
    case .integer(let value): return .integer(value)
    case .real(let value): return .real(value)
    case .text(let text): return .string(text)
    case nil:
      let known = fields.map(\.name) + constants.keys.sorted()
      throw SignatureFault(
        start, "\(event.name.quoted) has no field \(word.quoted), only \(joined(known, ", "))")
    }
  }

  private func integer(
    _ isNegative: Bool, _ magnitude: UInt64, _ start: TextPlace
  ) throws(SignatureFault) -> Signature.Value {
    if !isNegative {
      guard let value = Int64(exactly: magnitude) else { return .large(magnitude) }
      return .integer(value)
    }
    guard magnitude <= UInt64(Int64.max) + 1 else {
      throw SignatureFault(start, "the number fits no type of C")
    }
    return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
  }

  private func joined(_ words: [String], _ separator: String = " ") -> String {
    var text = ""
    for word in words { text += text.isEmpty ? word : separator + word }
    return text
  }
}
