/// Builds a table row by row. It owns its column builders; whoever parses writes to them by index.
final class TableBuilder {
  let fields: [Field]
  let columns: UnsafeMutablePointer<ColumnBuilder>
  /// Dictionary columns that hold one text in every row, before all others; they cost nothing a row.
  let constants: [(field: Field, text: String)]
  private(set) var rows = 0

  init(_ fields: [Field], constants: [(field: Field, text: String)] = []) {
    self.fields = fields
    self.constants = constants
    columns = .allocate(capacity: max(1, fields.count))
    for (index, field) in fields.enumerated() {
      (columns + index).initialize(to: ColumnBuilder(field))
    }
  }

  deinit {
    for index in fields.indices { columns[index].release() }
    columns.deallocate()
  }

  /// Bytes of text that are held.
  var textBytes: Int {
    var sum = 0
    for index in fields.indices { sum += columns[index].textBytes }
    return sum
  }

  /// Ends a row; false where there is no memory.
  @inline(__always)
  func commitRow() -> Bool {
    for index in fields.indices {
      guard columns[index].commit() else { return false }
    }
    rows += 1
    return true
  }

  func index(_ name: String) -> Int? {
    fields.firstIndex { $0.name.description == name }
  }

  /// Puts a text into the row that is being built; for rows that the core makes by itself.
  func stage(_ text: String, at column: Int) -> Bool {
    var copy = text
    let done = copy.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return true }
      return columns[column].append(base, bytes.count)
    }
    columns[column].stageText()
    return done
  }

  func stage(_ text: String?, _ name: String) throws(Failure) {
    guard let text, let column = index(name) else { return }
    guard stage(text, at: column) else { throw .noMemory }
  }

  func stage(_ number: Int64?, _ name: String) {
    guard let number, let column = index(name) else { return }
    columns[column].stage(number)
  }

  func endRow() throws(Failure) {
    guard commitRow() else { throw .noMemory }
  }

  /// The rows until now as a table; the builder begins anew, with what is staged.
  func finish() throws(Failure) -> Table {
    let count = rows
    rows = 0
    var done: [Column] = []
    done.reserveCapacity(constants.count + fields.count)
    if !constants.isEmpty {
      // All of them have code 0 in each row.
      guard let codes = Storage(zeroes: count * 4) else { throw .noMemory }
      for constant in constants {
        guard let column = Self.constant(constant.field, constant.text, codes, rows: count) else {
          throw .noMemory
        }
        done.append(column)
      }
    }
    for index in fields.indices {
      guard let column = columns[index].finish() else { throw .noMemory }
      done.append(column)
    }
    return Table(rows: count, columns: done)
  }

  /// Gives up everything, also what is staged.
  func reset() {
    rows = 0
    for index in fields.indices { columns[index].release() }
  }

  private static func constant(
    _ field: Field, _ text: String, _ codes: Storage, rows: Int
  ) -> Column? {
    var words = WordList()
    defer { words.release() }
    var copy = text
    let copied = copy.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return true }
      return words.append(base, bytes.count)
    }
    guard copied, words.intern() != nil, let values = words.finish() else { return nil }
    return Column(
      field: field, length: rows, offset: 0, nullCount: 0, validity: nil, values: codes,
      offsets: nil, dictionary: values)
  }
}

extension TableBuilder {
  /// Stages a value that is not null, of a column of the same type.
  func copy(_ column: Column, _ row: Int, to index: Int) -> Bool {
    switch column.field.kind {
    case .text, .dictionary:
      let bytes = column.text(row)
      if let start = bytes.baseAddress {
        guard columns[index].append(start, bytes.count) else { return false }
      }
      columns[index].stageText()
    case .int32, .int64, .bool, .timestamp: columns[index].stage(column.number(row))
    }
    return true
  }
}
