import Testing

@testable import ConnectJobs

@Suite("A column")
struct ColumnTests {
  @Test(
    "holds what was put in, of each type, with nulls here and there",
    arguments: PlainColumn.allKinds)
  func random(kind: ColumnKind) throws {
    var numbers = SeededNumbers()
    for rows in [0, 1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1_000, 20_000] {
      for nullEvery in [0, 1, 2, 3, 500] {
        let plain = PlainColumn.random(kind, rows: rows, nullEvery: nullEvery, &numbers)
        let column = try #require(plain.built())
        #expect(column.length == rows)
        #expect(column.cells == plain.cells, "seed \(numbers.seed)")
        #expect(column.isWellFormed, "seed \(numbers.seed)")
      }
    }
  }

  @Test("has nulls in every pattern of ten rows", arguments: PlainColumn.allKinds)
  func patterns(kind: ColumnKind) throws {
    var numbers = SeededNumbers()
    for pattern in 0..<1_024 {
      var plain = PlainColumn.random(kind, rows: 10, nullEvery: 0, &numbers)
      for row in 0..<10 where pattern >> row & 1 == 1 { plain.cells[row] = nil }
      let column = try #require(plain.built())
      #expect(column.cells == plain.cells, "seed \(numbers.seed), pattern \(pattern)")
      #expect(column.nullCount == pattern.nonzeroBitCount)
      #expect((column.validity == nil) == (pattern == 0))
      if let bits = column.validityBits { #expect(bits == plain.cells.map { $0 != nil }) }
    }
  }

  @Test(
    "has a slice's values, nulls and offsets in its slices, and in slices of those",
    arguments: PlainColumn.allKinds)
  func slices(kind: ColumnKind) throws {
    var numbers = SeededNumbers()
    for _ in 0..<100 {
      let rows = Int.random(in: 0...200, using: &numbers)
      let plain = PlainColumn.random(
        kind, rows: rows, nullEvery: Int.random(in: 0...4, using: &numbers), &numbers)
      var column = try #require(plain.built())
      var cells = plain.cells[...]
      while true {
        #expect(column.cells == Array(cells), "seed \(numbers.seed)")
        #expect(column.isWellFormed, "seed \(numbers.seed)")
        #expect(column.offset == cells.startIndex)
        if let bits = column.validityBits { #expect(bits == cells.map { $0 != nil }) }
        guard cells.count > 1 else { break }
        let first = Int.random(in: 0...cells.count, using: &numbers)
        let count = Int.random(in: 0...cells.count - first, using: &numbers)
        column = column.slice(first, count)
        cells = cells[(cells.startIndex + first)..<(cells.startIndex + first + count)]
      }
    }
  }

  @Test("can be sliced to nothing at its end")
  func emptySlices() throws {
    for kind in PlainColumn.allKinds {
      let column = try #require(PlainColumn(kind: kind, cells: [nil, nil, nil]).built())
      for first in 0...3 {
        let none = column.slice(first, 0)
        #expect(none.cells == [])
        #expect(none.nullCount == 0)
      }
    }
  }

  @Test("of bools is one bit a row, and a null's bit is 0")
  func bits() throws {
    let cells: [Cell] = [true, false, nil, true, true, true, true, true, false, true, nil]
    let column = try #require(PlainColumn(kind: .bool, cells: cells).built())
    #expect(column.values.count == 2)
    #expect(column.values.bytes.load(as: UInt8.self) == 0b1111_1001)
    #expect(column.values.bytes.load(fromByteOffset: 1, as: UInt8.self) & 0b111 == 0b010)
  }

  @Test("of text keeps embedded zeros, line ends and empty texts apart from nulls")
  func texts() throws {
    let cells: [Cell] = ["", "\0", nil, "a\nb", "😀", "", nil, ""]
    let column = try #require(PlainColumn(kind: .text, cells: cells).built())
    #expect(column.cells == cells)
    #expect(column.text(0).baseAddress != nil)
    #expect(column.values.count == 8)
  }

  @Test("takes back what is staged, and begins anew after its end", arguments: PlainColumn.allKinds)
  func unstage(kind: ColumnKind) {
    let plain = PlainColumn(
      kind: kind, cells: kind == .text || kind == .dictionary ? ["a", "b"] : [true, false])
    var builder = ColumnBuilder(Field("column", kind))
    defer { builder.release() }
    var isDone = plain.stage(0, in: &builder)
    builder.unstage()
    isDone = builder.commit() && plain.stage(1, in: &builder) && builder.commit() && isDone
    var column = builder.finish()
    #expect(column?.cells == [nil, plain.cells[1]])
    isDone = plain.stage(0, in: &builder) && builder.commit() && isDone
    column = builder.finish()
    #expect(column?.cells == [plain.cells[0]])
    column = builder.finish()
    #expect(column?.cells == [])
    #expect(isDone)
  }

  @Test(
    "has a null where a text was begun, but not ended",
    arguments: [.text, .dictionary] as [ColumnKind])
  func unendedText(kind: ColumnKind) {
    var builder = ColumnBuilder(Field("column", kind))
    defer { builder.release() }
    let isDone = Array("half".utf8).withUnsafeBytes { bytes in
      bytes.baseAddress.map { builder.append($0, bytes.count) } ?? false
    }
    let isCommitted = builder.commit()
    let column = builder.finish()
    #expect(isDone && isCommitted)
    #expect(column?.cells == [nil])
  }
}
