import Testing

@testable import ConnectJobs

@Suite("A dictionary column")
struct DictionaryTests {
  @Test("holds each word once, in the order in which they came")
  func order() throws {
    let cells: [Cell] = ["b", "a", "b", "b", nil, "", "a", "c", "", "b"]
    let column = try #require(PlainColumn(kind: .dictionary, cells: cells).built())
    #expect(column.words == ["b", "a", "", "c"])
    #expect(
      column.codes.enumerated().filter { cells[$0.offset] != nil }.map(\.element) == [
        0, 1, 0, 0, 2, 1, 3, 2, 0,
      ])
    #expect(column.cells == cells)
  }

  @Test(
    "of one word, of two in turn, and of a hundred thousand, gives them all back",
    arguments: [1, 2, 100_000])
  func manyWords(count: Int) throws {
    let rows = max(1_000, count * 2)
    let cells = (0..<rows).map { Cell("word \($0 % count)") }
    let column = try #require(PlainColumn(kind: .dictionary, cells: cells).built())
    #expect(column.dictionary?.count == count)
    #expect(column.words == Array(cells[..<count]))
    #expect(column.codes == (0..<rows).map { Int32($0 % count) })
    #expect(column.cells == cells)
  }

  @Test("of nulls alone has codes that stand for a word, for readers that look there")
  func nullsAlone() throws {
    let column = try #require(PlainColumn(kind: .dictionary, cells: [nil, nil, nil]).built())
    #expect(column.cells == [nil, nil, nil])
    #expect(column.words == [""])
    #expect(column.isWellFormed)
  }

  @Test("of no row has no word")
  func noRows() throws {
    let column = try #require(PlainColumn(kind: .dictionary, cells: []).built())
    #expect(column.words == [])
    #expect(column.length == 0)
  }

  @Test("has a word that first came with a null before it, and the empty word")
  func edges() throws {
    for cells in [[nil, "a"], ["a", nil], ["", nil, ""], [nil, ""], ["", "a", ""]] as [[Cell]] {
      let column = try #require(PlainColumn(kind: .dictionary, cells: cells).built())
      #expect(column.cells == cells)
      #expect(column.isWellFormed)
      #expect(Set(column.words).isSuperset(of: cells.filter { $0 != nil }))
    }
  }

  @Test("tells words apart that begin or end alike, and hold zeros")
  func similarWords() throws {
    let cells: [Cell] = ["a", "aa", "a\0", "\0a", "\0", "", "ab", "b", "é", "e\u{301}", "a"]
    let column = try #require(PlainColumn(kind: .dictionary, cells: cells).built())
    #expect(column.cells == cells)
    #expect(column.dictionary?.count == 10)
  }

  @Test("has words of any length")
  func longWords() throws {
    let long = String(repeating: "x", count: 1_000_000)
    let cells = [Cell(long), "x", Cell(long + "y"), Cell(long), "x"]
    let column = try #require(PlainColumn(kind: .dictionary, cells: cells).built())
    #expect(column.codes == [0, 1, 2, 0, 1])
    #expect(column.cells == cells)
  }
}
