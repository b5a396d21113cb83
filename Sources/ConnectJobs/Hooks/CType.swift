import CFFI
import Glibc

/// The types that the arguments of a hooked function may have.
enum CType: Sendable, Equatable {
  case bool
  case int8
  case uint8
  case int16
  case uint16
  case int32
  case uint32
  case int64
  case uint64
  case float
  case double
  /// A pointer to bytes that end with a NUL.
  case text
  /// Any other pointer.
  case pointer

  static let size = CType(bytes: MemoryLayout<Int>.size, isSigned: false)
  static let int = CType(bytes: MemoryLayout<CInt>.size, isSigned: true)

  private init(bytes: Int, isSigned: Bool) {
    switch bytes {
    case 1: self = isSigned ? .int8 : .uint8
    case 2: self = isSigned ? .int16 : .uint16
    case 4: self = isSigned ? .int32 : .uint32
    default: self = isSigned ? .int64 : .uint64
    }
  }

  // MARK: Names

  /// The type that C calls so.
  ///
  /// - Parameters:
  ///   - words: `["unsigned", "long"]`, without `const`.
  ///   - isPointer: a star follows.
  init?(_ words: [String], isPointer: Bool) {
    if isPointer {
      guard words != ["void"] else {
        self = .pointer
        return
      }
      guard let pointee = Self(words, isPointer: false), pointee.bytes == 1, pointee != .bool else {
        return nil
      }
      self = .text
      return
    }
    switch words {
    case ["bool"], ["_Bool"]: self = .bool
    case ["float"]: self = .float
    case ["double"]: self = .double
    default:
      guard let integer = Self.integer(words) else { return nil }
      self = integer
    }
  }

  private static func integer(_ words: [String]) -> CType? {
    guard words.count == 1, let word = words.first else { return inWords(words) }
    switch word {
    case "int8_t": return .int8
    case "uint8_t": return .uint8
    case "int16_t": return .int16
    case "uint16_t": return .uint16
    case "int32_t": return .int32
    case "uint32_t": return .uint32
    case "int64_t", "intmax_t": return .int64
    case "uint64_t", "uintmax_t": return .uint64
    case "size_t", "uintptr_t": return size
    case "ssize_t", "intptr_t", "ptrdiff_t": return CType(bytes: size.bytes, isSigned: true)
    default: return inWords(words)
    }
  }

  /// `unsigned long int` and its like.
  private static func inWords(_ words: [String]) -> CType? {
    var rest = words
    var isSigned: Bool?
    if let first = rest.first, first == "unsigned" || first == "signed" {
      isSigned = first == "signed"
      rest.removeFirst()
    }
    if rest == ["char"] {
      return CType(bytes: 1, isSigned: isSigned ?? CChar.isSigned)
    }
    if rest.count > 1, rest.last == "int" { rest.removeLast() }
    switch rest {
    case ["short"]: return CType(bytes: MemoryLayout<CShort>.size, isSigned: isSigned ?? true)
    case ["int"]: return CType(bytes: MemoryLayout<CInt>.size, isSigned: isSigned ?? true)
    case ["long"]: return CType(bytes: MemoryLayout<CLong>.size, isSigned: isSigned ?? true)
    case ["long", "long"]:
      return CType(bytes: MemoryLayout<CLongLong>.size, isSigned: isSigned ?? true)
    case []: return isSigned.map { CType(bytes: MemoryLayout<CInt>.size, isSigned: $0) }
    default: return nil
    }
  }

  /// A name that every reader of C knows.
  var name: StaticString {
    switch self {
    case .bool: "bool"
    case .int8: "int8_t"
    case .uint8: "uint8_t"
    case .int16: "int16_t"
    case .uint16: "uint16_t"
    case .int32: "int32_t"
    case .uint32: "uint32_t"
    case .int64: "int64_t"
    case .uint64: "uint64_t"
    case .float: "float"
    case .double: "double"
    case .text: "char *"
    case .pointer: "void *"
    }
  }

  // MARK: Properties

  var bytes: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float: 4
    case .int64, .uint64, .double: 8
    case .text, .pointer: MemoryLayout<UnsafeRawPointer>.size
    }
  }

  var isPointer: Bool { self == .text || self == .pointer }
  var isReal: Bool { self == .float || self == .double }
  var isInteger: Bool { !isPointer && !isReal }

  /// The whole numbers that fit; of those beyond Int64 only the part up to it.
  var range: ClosedRange<Int64> {
    switch self {
    case .bool: 0...1
    case .int8: Int64(Int8.min)...Int64(Int8.max)
    case .uint8: 0...Int64(UInt8.max)
    case .int16: Int64(Int16.min)...Int64(Int16.max)
    case .uint16: 0...Int64(UInt16.max)
    case .int32: Int64(Int32.min)...Int64(Int32.max)
    case .uint32: 0...Int64(UInt32.max)
    case .uint64: 0...Int64.max
    default: Int64.min...Int64.max
    }
  }

  /// What C makes of it behind the dots of a variadic function.
  var promoted: CType {
    switch self {
    case .bool, .int8, .uint8, .int16, .uint16: .int
    case .float: .double
    default: self
    }
  }

  var ffi: cffi_type {
    switch self {
    case .bool, .uint8: .CFFI_UINT8
    case .int8: .CFFI_INT8
    case .int16: .CFFI_INT16
    case .uint16: .CFFI_UINT16
    case .int32: .CFFI_INT32
    case .uint32: .CFFI_UINT32
    case .int64: .CFFI_INT64
    case .uint64: .CFFI_UINT64
    case .float: .CFFI_FLOAT
    case .double: .CFFI_DOUBLE
    case .text, .pointer: .CFFI_POINTER
    }
  }
}
