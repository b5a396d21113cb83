import Testing

@testable import ConnectJobs

@Suite("Tables that are joined, and rows that are taken")
struct JoiningTests {
  private static let lists = [
    #"[{"text":"a","word":"x","small":1,"large":-1,"flag":true,"time":"2024-12-06T19:09:29Z"}]"#,
    "[]",
    #"[{},{"text":"","word":"y","small":null,"flag":false},{"text":"é😀","word":"x","large":7}]"#,
    #"[{"word":"y"},{"word":"z","text":"last","flag":true}]"#,
  ]

  private func tables() throws -> [Table] {
    try Self.lists.map { try read($0, .array) }
  }

  @Test("have the cells of all, one below the other")
  func cells() throws {
    let tables = try tables()
    let joined = try #require(Table.joining(tables))
    #expect(joined.allCells == tables.flatMap(\.allCells))
    #expect(joined.rows == 6)
    #expect(joined["text"]?.nullCount == 2)
    #expect(joined["time"]?.nullCount == 5)
  }

  @Test("share their words: each is there once")
  func words() throws {
    let joined = try #require(Table.joining(try tables() + [try read("[{}]", .array)]))
    #expect(joined["word"]?.words == ["x", "y", "z"])
    let nothing = try read("[{}]", .array)
    let nulls = try #require(Table.joining([nothing, nothing])?["word"])
    #expect(nulls.cells == [nil, nil])
    #expect(nulls.codes.allSatisfy { Int($0) < nulls.words.count })
  }

  @Test("may be slices")
  func slices() throws {
    let whole = try #require(Table.joining(try tables()))
    let parts = [(2, 3), (0, 1), (5, 1), (3, 0)]
    let slices = try parts.map { try #require(whole.slice($0.0, $0.1)) }
    let joined = try #require(Table.joining(slices))
    #expect(joined.allCells == parts.flatMap { whole.allCells[$0.0..<$0.0 + $0.1] })
  }

  @Test("may all be empty, or be none")
  func nothing() throws {
    let empty = try read("[]", .array)
    #expect(Table.joining([empty, empty])?.rows == 0)
    #expect(Table.joining([]) == nil)
  }

  @Test("give any rows by their numbers, again and again")
  func taken() throws {
    let whole = try #require(Table.joining(try tables()))
    var numbers = SeededNumbers()
    for count in 0..<40 {
      let rows = (0..<count).map { _ in Int64.random(in: 0..<6, using: &numbers) }
      let taken = try rows.withUnsafeBufferPointer { try whole.taking($0) }
      #expect(taken.allCells == rows.map { whole.allCells[Int($0)] }, "seed \(numbers.seed)")
      let again = try [Int64](0..<Int64(count)).withUnsafeBufferPointer { try taken.taking($0) }
      #expect(again.allCells == taken.allCells)
    }
  }
}
