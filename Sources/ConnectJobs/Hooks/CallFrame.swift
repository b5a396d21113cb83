import Glibc

/// The memory that one run of a call over a table needs: the arguments, the result, and a scratch
/// buffer for texts. Made once a batch, so that a call allocates nothing.
final class CallFrame {
  private let call: HookCall
  private let table: Table
  private let slots: UnsafeMutablePointer<UInt64>
  private let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  let result: UnsafeMutableRawPointer
  private let loads: UnsafeMutablePointer<FieldLoad>
  private var loadCount = 0
  private var ownTexts = 0
  private var scratch = GrowingBytes()
  /// An empty text, for a word that is absent.
  private let nothing: UnsafeMutableRawPointer
  private var dictionaries: [String: UnsafeMutablePointer<FieldLoad.Word>] = [:]

  /// Why an argument could not be given.
  enum Fault {
    case nul(argument: Int)
    case range(argument: Int)
    case noMemory
  }

  init(_ call: HookCall, over table: Table) throws(Failure) {
    self.call = call
    self.table = table
    let count = call.signature.arguments.count
    nothing = .allocate(byteCount: 8, alignment: 8)
    nothing.storeBytes(of: 0, as: UInt64.self)
    slots = .allocate(capacity: max(1, count))
    slots.initialize(repeating: 0, count: max(1, count))
    pointers = .allocate(capacity: max(1, count))
    loads = .allocate(capacity: max(1, count))
    result = .allocate(byteCount: 16, alignment: 16)
    result.initializeMemory(as: UInt8.self, repeating: 0, count: 16)
    for index in 0..<count {
      (pointers + index).initialize(to: UnsafeMutableRawPointer(slots + index))
    }
    for index in 0..<count { try prepare(index) }
  }

  deinit {
    for words in dictionaries.values {
      free(words[0].start)
      words.deallocate()
    }
    scratch.release()
    nothing.deallocate()
    result.deallocate()
    loads.deallocate()
    pointers.deallocate()
    slots.deallocate()
  }

  // MARK: Preparing

  private func prepare(_ index: Int) throws(Failure) {
    let argument = call.signature.arguments[index]
    let slot = UnsafeMutableRawPointer(slots + index)
    switch argument.value {
    case .field(let field): try prepare(field, argument.type, slot, index)
    case .integer(let value): slot.store(value, as: argument.type)
    case .large(let value):
      if argument.type.isReal {
        store(Double(value), argument.type, slot)
      } else {
        slot.storeBytes(of: value, as: UInt64.self)
      }
    case .real(let value): store(value, argument.type, slot)
    case .string: slot.storeBytes(of: UInt(bitPattern: call.texts[index]), as: UInt.self)
    case .null: slot.storeBytes(of: 0, as: UInt.self)
    case .context: slot.storeBytes(of: UInt(bitPattern: call.context), as: UInt.self)
    }
  }

  private func store(_ value: Double, _ type: CType, _ slot: UnsafeMutableRawPointer) {
    if type == .float {
      slot.storeBytes(of: Float(value), as: Float.self)
    } else {
      slot.storeBytes(of: value, as: Double.self)
    }
  }

  private func prepare(
    _ field: HookField, _ type: CType, _ slot: UnsafeMutableRawPointer, _ index: Int
  ) throws(Failure) {
    guard let column = table[field.column] else {
      throw Failure(.internal, "An event lacks its column \(field.column.quoted).")
    }
    // A call that is told the length can see a NUL; one that is not would take the text for shorter.
    let isTold = call.signature.arguments.contains {
      if case .field(let other) = $0.value {
        other.column == field.column && other.reading == .length
      } else {
        false
      }
    }
    let load = FieldLoad(
      field, of: column, words: try words(of: column), as: type, to: slot, argument: index,
      mustBeWhole: field.reading == .text && !isTold)
    if load.kind == .text { ownTexts += 1 }
    (loads + loadCount).initialize(to: load)
    loadCount += 1
  }

  /// A dictionary's words, each with its NUL; made once for all arguments of a column.
  private func words(of column: Column) throws(Failure) -> UnsafePointer<FieldLoad.Word>? {
    guard let dictionary = column.dictionary else { return nil }
    let name = column.field.name.description
    if let known = dictionaries[name] { return UnsafePointer(known) }
    let count = max(1, dictionary.count)
    guard let block = malloc(dictionary.bytes.count + count) else { throw .noMemory }
    let words = UnsafeMutablePointer<FieldLoad.Word>.allocate(capacity: count)
    var at = block
    at.storeBytes(of: 0, as: UInt8.self)
    (words + 0).initialize(to: FieldLoad.Word(start: at, length: 0, hasNUL: false))
    for code in 0..<dictionary.count {
      let text = dictionary.text(code)
      if let start = text.baseAddress { memcpy(at, start, text.count) }
      at.storeBytes(of: 0, toByteOffset: text.count, as: UInt8.self)
      let hasNUL = memchr(at, 0, text.count) != nil
      (words + code).initialize(to: FieldLoad.Word(start: at, length: text.count, hasNUL: hasNUL))
      at += text.count + 1
    }
    dictionaries[name] = words
    return UnsafePointer(words)
  }

  // MARK: Calling

  /// Makes the call for a row, unless an argument cannot be given.
  @inline(__always)
  func make(_ row: Int) -> Fault? {
    if ownTexts > 0, let fault = copyTexts(row) { return fault }
    for index in 0..<loadCount {
      let load = loads + index
      switch load.pointee.kind {
      case .text: break
      case .word:
        let word = load.pointee.word(row)
        if load.pointee.mustBeWhole, word?.hasNUL == true {
          return .nul(argument: load.pointee.argument)
        }
        let start = word?.start ?? nothing
        load.pointee.slot.storeBytes(of: UInt(bitPattern: start), as: UInt.self)
      case .whole: load.pointee.slot.storeBytes(of: load.pointee.wide(row), as: Int64.self)
      case .textLength, .wordLength, .int32, .int64:
        guard load.pointee.store(load.pointee.number(row)) else {
          return .range(argument: load.pointee.argument)
        }
      }
    }
    call.make(result, pointers)
    return nil
  }

  /// The row's own texts, one after another, each with its NUL.
  @inline(__always)
  private func copyTexts(_ row: Int) -> Fault? {
    var room = 0
    for index in 0..<loadCount where loads[index].kind == .text {
      room += loads[index].text(row).count + 1
    }
    scratch.truncate(to: 0)
    guard scratch.reserve(room), var at = scratch.start else { return .noMemory }
    for index in 0..<loadCount where loads[index].kind == .text {
      let text = loads[index].text(row)
      if let start = text.baseAddress { memcpy(at, start, text.count) }
      at.storeBytes(of: 0, toByteOffset: text.count, as: UInt8.self)
      if loads[index].mustBeWhole, memchr(at, 0, text.count) != nil {
        return .nul(argument: loads[index].argument)
      }
      loads[index].slot.storeBytes(of: UInt(bitPattern: at), as: UInt.self)
      at += text.count + 1
    }
    return nil
  }

  /// Whether a pointer is one of those that the call was given.
  func wasGiven(_ pointer: UnsafeRawPointer) -> Bool {
    for index in 0..<loadCount where loads[index].kind == .text || loads[index].kind == .word {
      let given = loads[index].slot.load(as: UInt.self)
      if given == UInt(bitPattern: pointer) { return true }
    }
    return false
  }
}

extension Column.Values {
  func text(_ code: Int) -> UnsafeRawBufferPointer {
    let first = offsets.bytes.load(fromByteOffset: code * 8, as: Int64.self)
    let end = offsets.bytes.load(fromByteOffset: code * 8 + 8, as: Int64.self)
    return UnsafeRawBufferPointer(start: bytes.bytes + Int(first), count: Int(end - first))
  }
}
