import Testing

@testable import ConnectJobs

@Suite("A table")
struct TableTests {
  @Test("is what was put in, row by row, batch by batch, under random input")
  func random() throws {
    var numbers = SeededNumbers()
    let builder = TableBuilder(oneOfEach)
    for _ in 0..<50 {
      let rows = Int.random(in: 0...300, using: &numbers)
      let plain = oneOfEach.map {
        PlainColumn.random(
          $0.kind, rows: rows, nullEvery: Int.random(in: 0...5, using: &numbers), &numbers)
      }
      for row in 0..<rows {
        for (index, column) in plain.enumerated() {
          #expect(column.stage(row, in: &builder.columns[index]))
        }
        #expect(builder.commitRow())
      }
      let table = try builder.finish()
      #expect(table.rows == rows)
      #expect(table.columns.map(\.cells) == plain.map(\.cells), "seed \(numbers.seed)")
      #expect(table.columns.allSatisfy { $0.isWellFormed }, "seed \(numbers.seed)")
    }
  }

  @Test("without rows has its columns, and buffers that may be read")
  func empty() throws {
    for fields in [
      Schemas.content, Schemas.job, Schemas.job + Schemas.besideJobOfMany, Schemas.entry,
      Schemas.loggedError,
      Schemas.kill, Schemas.tailSummary, Schemas.apiError,
    ] {
      let table = try TableBuilder(fields).finish()
      #expect(table.rows == 0)
      #expect(table.columns.map(\.field.name.description) == fields.map(\.name.description))
      #expect(table.columns.allSatisfy { $0.length == 0 && $0.nullCount == 0 && $0.isWellFormed })
      #expect(table.allCells == [])
    }
  }

  @Test("has columns of different names, in every schema")
  func names() {
    for fields in [
      Schemas.content, Schemas.job + Schemas.besideJobOfMany, Schemas.entry, Schemas.loggedError,
      Schemas.killOrder,
      Schemas.kill, Schemas.tailSummary, Schemas.apiError,
    ] {
      #expect(Set(fields.map(\.name.description)).count == fields.count)
    }
    #expect(Schemas.job.count == 22)
  }

  @Test("has constant columns before all others, of one word, at any number of rows")
  func constants() throws {
    for text in ["7c7f5b0e", "", "ü😀\0"] {
      for rows in [0, 1, 9] {
        let builder = TableBuilder(
          Schemas.entry, constants: [(Field("job_key", .dictionary), text)])
        for _ in 0..<rows { try builder.endRow() }
        let table = try builder.finish()
        #expect(table.columns.first?.field.name.description == "job_key")
        #expect(table.cells("job_key") == Array(repeating: Cell(text), count: rows))
        #expect(table["job_key"]?.words == [Cell(text)])
        #expect(table["job_key"]?.isWellFormed == true)
        #expect(table.columns.count == 4)
      }
    }
  }

  @Test("finds its columns by name, and gives nothing for others")
  func lookup() throws {
    let builder = TableBuilder(oneOfEach)
    try builder.stage("t", "text")
    builder.stage(7, "small")
    try builder.stage("ignored", "no such column")
    builder.stage(7, "no such column")
    try builder.stage(nil as String?, "word")
    builder.stage(nil as Int64?, "large")
    try builder.endRow()
    let table = try builder.finish()
    #expect(table.allCells == [["t", nil, 7, nil, nil, nil]])
    #expect(table.string("text", 0) == "t")
    #expect(table.integer("small", 0) == 7)
    #expect(table.string("word", 0) == nil)
    #expect(table.integer("large", 0) == nil)
    #expect(table["no such column"] == nil)
    #expect(builder.index("flag") == 4)
    #expect(builder.index("no such column") == nil)
  }

  @Test("shares its memory with its slices, which live longer")
  func slices() throws {
    let builder = TableBuilder(oneOfEach, constants: [(Field("key", .dictionary), "k")])
    for row in 0..<100 {
      try builder.stage("row \(row)", "text")
      builder.stage(row % 3 == 0 ? nil : Int64(row), "large")
      try builder.endRow()
    }
    var table: Table? = try builder.finish()
    let slice = try #require(table?.slice(40, 20))
    #expect(slice["text"]?.values === table?["text"]?.values)
    let expected = (40..<60).map { Cell("row \($0)") }
    table = nil
    #expect(slice.rows == 20)
    #expect(slice.cells("text") == expected)
    #expect(slice.cells("key") == Array(repeating: "k", count: 20))
    #expect(slice["large"]?.nullCount == 6)
    #expect(slice.slice(19, 1)?.cells("text") == ["row 59"])
  }

  @Test("has no slice of rows that are not there")
  func sliceBounds() throws {
    let builder = TableBuilder(Schemas.entry)
    for _ in 0..<3 { try builder.endRow() }
    let table = try builder.finish()
    for (first, count) in [(0, 3), (3, 0), (1, 2), (0, 0)] {
      #expect(table.slice(first, count)?.rows == count)
    }
    for (first, count) in [
      (0, 4), (4, 0), (-1, 1), (0, -1), (3, 1), (1, .max), (.max, 1), (.max, .max), (.min, .min),
    ] {
      #expect(table.slice(first, count) == nil)
    }
  }

  @Test("forgets everything when its builder is reset, also what is staged")
  func reset() throws {
    let builder = TableBuilder(oneOfEach)
    try builder.stage("gone", "text")
    try builder.endRow()
    try builder.stage("gone", "word")
    #expect(builder.textBytes == 8)  // a text, and a word of a dictionary
    builder.reset()
    #expect(builder.rows == 0)
    #expect(builder.textBytes == 0)
    try builder.endRow()
    #expect(try builder.finish().allCells == [[nil, nil, nil, nil, nil, nil]])
  }

  @Test("can be copied cell by cell into another, empty texts included")
  func copy() throws {
    let source = try read(
      #"[{"text":"","word":""},{"text":"a","word":"b","small":-1,"large":2,"flag":true,"time":"1970-01-01T00:00:01Z"}]"#,
      .array)
    let target = TableBuilder(oneOfEach)
    for row in 0..<source.rows {
      for (index, column) in source.columns.enumerated() where !column.isNull(row) {
        #expect(target.copy(column, row, to: index))
      }
      try target.endRow()
    }
    #expect(try target.finish().allCells == source.allCells)
  }

  @Test("may go while one of its columns is still held")
  func storageLifetime() throws {
    var table: Table? = try read(#"[{"text":"kept","word":"w"}]"#, .array)
    weak let watched = table
    let column = try #require(table?["text"])
    table = nil
    #expect(watched == nil)
    #expect(column.cells == ["kept"])
  }
}
