import Testing

@testable import ConnectSandbox

/// Splits `pieces`, one after another, and returns the lines.
private func split(_ pieces: [[UInt8]], ending: Bool = true) -> [[UInt8]] {
  var splitter = LineSplitter()
  var lines: [[UInt8]] = []
  for piece in pieces {
    piece.withUnsafeBytes { splitter.feed($0) { lines.append(Array($0)) } }
  }
  if ending { splitter.finish { lines.append(Array($0)) } }
  return lines
}

@Suite struct LineTests {
  @Test func linesAreTheSameHoweverTheyArrive() {
    let text = Array("one\n\ntwo \r\n\u{0}three\nlast".utf8)
    let whole = split([text])
    #expect(
      whole.map { String(decoding: $0, as: UTF8.self) } == ["one", "", "two \r", "\0three", "last"])
    for first in 0...text.count {
      for second in first...text.count {
        #expect(
          split([Array(text[..<first]), Array(text[first..<second]), Array(text[second...])])
            == whole)
      }
    }
  }

  @Test func theLastLineNeedsNoNewline() {
    #expect(split([Array("a\n".utf8)]) == [[97]])
    #expect(split([Array("a".utf8)]) == [[97]])
    #expect(split([Array("a".utf8)], ending: false) == [])
    #expect(split([[]]) == [])
  }

  @Test func aLineWithoutEndIsCut() {
    let piece = [UInt8](repeating: 120, count: 1 << 20)
    let lines = split([[UInt8]](repeating: piece, count: 33))
    #expect(lines.map(\.count) == [16 << 20, 16 << 20, 1 << 20])
  }
}
