import Glibc

/// How one argument is taken from a row: pointers into a table that somebody else keeps. Trivially
/// copyable, so that no reference is counted in the loop over the rows.
struct FieldLoad {
  enum Kind {
    /// A text of the row's own, copied for its NUL.
    case text
    /// A word of a dictionary, which has its NUL already.
    case word
    case textLength
    case wordLength
    case int32
    case int64
    /// An int64 that is given as one: nothing to check.
    case whole
  }

  let kind: Kind
  /// Where the argument stands.
  let slot: UnsafeMutableRawPointer
  let type: CType
  private let range: ClosedRange<Int64>
  private let absent: Int64
  /// Whether a NUL within the text would go unnoticed.
  let mustBeWhole: Bool
  private let values: UnsafeRawPointer
  private let offsets: UnsafeRawPointer?
  private let validity: UnsafeRawPointer?
  private let words: UnsafePointer<Word>?
  private let first: Int
  /// Its place among the loads, for what is said of a fault.
  let argument: Int

  /// A dictionary's word.
  struct Word {
    let start: UnsafeMutableRawPointer
    let length: Int
    let hasNUL: Bool
  }

  init(
    _ field: HookField, of column: Column, words: UnsafePointer<Word>?, as type: CType,
    to slot: UnsafeMutableRawPointer, argument: Int, mustBeWhole: Bool
  ) {
    let isWord = column.dictionary != nil
    switch field.reading {
    case .text: kind = isWord ? .word : .text
    case .length: kind = isWord ? .wordLength : .textLength
    case .number:
      kind = column.field.kind == .int32 ? .int32 : type == .int64 ? .whole : .int64
    }
    self.slot = slot
    self.type = type
    self.words = words
    self.argument = argument
    self.mustBeWhole = mustBeWhole
    range = type.range
    absent = HookField.absent(column.field.kind)
    values = UnsafeRawPointer(column.values.bytes)
    offsets = column.offsets.map { UnsafeRawPointer($0.bytes) }
    validity = column.validity.map { UnsafeRawPointer($0.bytes) }
    first = column.offset
  }

  @inline(__always)
  private func isNull(_ row: Int) -> Bool {
    guard let validity else { return false }
    let bit = first + row
    return validity.load(fromByteOffset: bit >> 3, as: UInt8.self) & (1 << (bit & 7)) == 0
  }

  /// The text of a row; of a null, nothing.
  @inline(__always)
  func text(_ row: Int) -> UnsafeRawBufferPointer {
    guard let offsets, !isNull(row) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let at = (first + row) * 8
    let begin = offsets.load(fromByteOffset: at, as: Int64.self)
    let end = offsets.load(fromByteOffset: at + 8, as: Int64.self)
    return UnsafeRawBufferPointer(start: values + Int(begin), count: Int(end - begin))
  }

  @inline(__always)
  func word(_ row: Int) -> Word? {
    guard let words, !isNull(row) else { return nil }
    return words[Int(values.load(fromByteOffset: (first + row) * 4, as: Int32.self))]
  }

  @inline(__always)
  func number(_ row: Int) -> Int64 {
    switch kind {
    case .textLength: return Int64(text(row).count)
    case .wordLength: return Int64(word(row)?.length ?? 0)
    case .int32:
      return isNull(row)
        ? absent : Int64(values.load(fromByteOffset: (first + row) * 4, as: Int32.self))
    default: return wide(row)
    }
  }

  @inline(__always)
  func wide(_ row: Int) -> Int64 {
    isNull(row) ? absent : values.load(fromByteOffset: (first + row) * 8, as: Int64.self)
  }

  /// Puts a number where the call finds it; false where its type cannot hold it.
  @inline(__always)
  func store(_ value: Int64) -> Bool {
    guard range.contains(value) else { return false }
    slot.store(value, as: type)
    return true
  }
}

extension UnsafeMutableRawPointer {
  /// Puts a whole number down in the shape of a C type that can hold it.
  @inline(__always)
  func store(_ value: Int64, as type: CType) {
    switch type {
    case .bool, .uint8, .int8: storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
    case .int16, .uint16: storeBytes(of: UInt16(truncatingIfNeeded: value), as: UInt16.self)
    case .int32, .uint32: storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
    case .int64, .uint64, .text, .pointer: storeBytes(of: value, as: Int64.self)
    case .float: storeBytes(of: Float(value), as: Float.self)
    case .double: storeBytes(of: Double(value), as: Double.self)
    }
  }
}
