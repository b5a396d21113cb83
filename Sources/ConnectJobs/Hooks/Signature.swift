/// How a function is called, as its one-line text says: what it returns, its name, and what it takes.
///
///     signature = result name "(" [ argument { "," argument } ] ")"
///     result    = "void" | "status" | number | "verdict" | "line" [ "free" "(" name ")" ]
///     argument  = "..." | [ "(" type ")" ] value
///     value     = field | integer | real | string | "NULL" | "context" | constant
///     type      = number | pointer, as C writes them
///
/// The whole of it, with its meaning, stands in the header.
package struct Signature: Sendable, Equatable {
  enum Result: Sendable, Equatable {
    /// Not looked at.
    case nothing
    /// Below zero: the function failed.
    case number(CType)
    /// Anything but zero: the function failed.
    case status
    case verdict
    case line(freedBy: String?)
  }

  enum Value: Sendable, Equatable {
    case field(HookField)
    case integer(Int64)
    /// An integer beyond Int64.
    case large(UInt64)
    case real(Double)
    case string(String)
    case null
    case context
  }

  struct Argument: Sendable, Equatable {
    let value: Value
    var type: CType
    let place: TextPlace

    /// A text that is the same in every call.
    var constantText: String? {
      if case .string(let text) = value { text } else { nil }
    }
  }

  let result: Result
  package let symbol: String
  var arguments: [Argument]
  /// How many stand before the dots; `nil` where there are none.
  let fixedCount: Int?

  static let mostArguments = 32
  static let mostBytes = 4_096

  /// Whether it decides what becomes of an entry.
  var decides: Bool {
    switch result {
    case .verdict, .line: true
    case .nothing, .number, .status: false
    }
  }

  /// - Parameter constants: what a manifest gives names to.
  package init(
    _ text: String, for event: HookEvent, constants: [String: HookConstant] = [:]
  ) throws(SignatureFault) {
    guard text.utf8.count <= Self.mostBytes else {
      throw SignatureFault(
        TextPlace(), "the text is longer than \(Self.mostBytes) bytes")
    }
    var parser = try SignatureParser(text, event, constants)
    self = try parser.signature()
    try FormatCheck.check(self)
    promoteVariadic()
  }

  init(result: Result, symbol: String, arguments: [Argument], fixedCount: Int?) {
    self.result = result
    self.symbol = symbol
    self.arguments = arguments
    self.fixedCount = fixedCount
  }

  private mutating func promoteVariadic() {
    guard let fixedCount else { return }
    for index in fixedCount..<arguments.count {
      arguments[index].type = arguments[index].type.promoted
    }
  }
}

/// A value that a manifest gives a name to.
package enum HookConstant: Sendable, Equatable {
  case integer(Int64)
  case real(Double)
  case text(String)
}

/// Where something stands in a text; both count from 1, columns in characters.
package struct TextPlace: Sendable, Equatable {
  package var line = 1
  package var column = 1

  package init(line: Int = 1, column: Int = 1) {
    self.line = line
    self.column = column
  }
}

/// What is wrong with a signature, and where.
package struct SignatureFault: Error, Sendable, Equatable {
  package let place: TextPlace
  package let reason: String

  init(_ place: TextPlace, _ reason: String) {
    self.place = place
    self.reason = reason
  }

  package var text: String { "line \(place.line), column \(place.column): \(reason)" }
}
