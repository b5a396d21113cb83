/// Numbers the sources of a job's entries, so that the seam can go by numbers.
struct SourceNames {
  private var names: [[UInt8]] = []
  /// There were more, or longer ones, than are told apart.
  private(set) var areTooMany = false

  private static let most = 64
  private static let longest = 256

  /// For each code of a table's source column, its number. An entry without a source has number 0,
  /// as has the empty name.
  mutating func numbers(of column: Column) -> [Int] {
    if names.isEmpty { names = [[]] }
    guard let words = column.dictionary else { return [0] }
    return (0..<words.count).map { number(of: words.word($0)) }
  }

  private mutating func number(of word: UnsafeRawBufferPointer) -> Int {
    if let known = names.firstIndex(where: { $0.elementsEqual(word) }) { return known }
    guard names.count < Self.most, word.count <= Self.longest else {
      areTooMany = true
      return 0
    }
    names.append(Array(word))
    return names.count - 1
  }
}

extension Column.Values {
  /// One of the distinct texts.
  func word(_ code: Int) -> UnsafeRawBufferPointer {
    let first = offsets.bytes.load(fromByteOffset: code * 8, as: Int64.self)
    let end = offsets.bytes.load(fromByteOffset: code * 8 + 8, as: Int64.self)
    return UnsafeRawBufferPointer(start: bytes.bytes + Int(first), count: Int(end - first))
  }
}

/// The entries of one table, as the machine wants them: a number for the source, and a time.
struct EntryKeys {
  private let numbers: [Int]
  private let source: Column
  private let time: Column
  let count: Int

  /// `nil` where the table does not have an entry's columns.
  init?(_ table: Table, _ names: inout SourceNames) {
    guard let source = table["source"], let time = table["timestamp"] else { return nil }
    self.source = source
    self.time = time
    numbers = names.numbers(of: source)
    count = table.rows
  }

  /// The columns as they are in memory: the code of each entry's source, the number of each code, and
  /// the times; `nil` where an entry has no source or no time.
  var plain: (codes: UnsafePointer<Int32>, numbers: [Int], times: UnsafePointer<Int64>)? {
    guard source.nullCount == 0, time.nullCount == 0 else { return nil }
    let codes = source.values.bytes.assumingMemoryBound(to: Int32.self)
    let times = time.values.bytes.assumingMemoryBound(to: Int64.self)
    return (UnsafePointer(codes + source.offset), numbers, UnsafePointer(times + time.offset))
  }

  /// An entry without a time has the one of the entry before it.
  @inline(__always)
  func key(_ row: Int, _ before: Int64) -> (source: Int, time: Int64) {
    let code = source.isNull(row) ? -1 : Int(source.code(row))
    return (code < 0 ? 0 : numbers[code], time.isNull(row) ? before : time.number(row))
  }
}

extension Column {
  @inline(__always)
  func code(_ row: Int) -> Int32 {
    values.bytes.load(fromByteOffset: (offset + row) * 4, as: Int32.self)
  }
}
