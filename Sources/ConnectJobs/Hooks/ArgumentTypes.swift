/// Which C type an argument has, and which it may be cast to.
enum ArgumentTypes {
  static func type(
    of value: Signature.Value, cast: CType?, at place: TextPlace
  ) throws(SignatureFault) -> CType {
    let natural = natural(value)
    guard let cast else { return natural }
    guard fits(value, cast) else {
      throw SignatureFault(place, "\(said(value)) cannot be a \(cast.name)")
    }
    return cast
  }

  /// The type that C, or the event, gives it.
  private static func natural(_ value: Signature.Value) -> CType {
    switch value {
    case .field(let field): field.type
    case .integer(let number): CType.int.range.contains(number) ? .int : .int64
    case .large: .uint64
    case .real: .double
    case .string: .text
    case .null, .context: .pointer
    }
  }

  private static func fits(_ value: Signature.Value, _ type: CType) -> Bool {
    switch value {
    case .field(let field): field.reading == .text ? type.isPointer : !type.isPointer
    case .integer(let number): type.isReal || (type.isInteger && type.range.contains(number))
    case .large: type.isReal || type == .uint64
    case .real(let number): type == .double || (type == .float && Float(number).isFinite)
    case .string, .null, .context: type.isPointer
    }
  }

  private static func said(_ value: Signature.Value) -> String {
    switch value {
    case .field(let field): "the field \(field.name.quoted)"
    case .integer(let number): "\(number)"
    case .large(let number): "\(number)"
    case .real(let number): "\(number)"
    case .string: "a string"
    case .null: "NULL"
    case .context: "the context"
    }
  }
}
