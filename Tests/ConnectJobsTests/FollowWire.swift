@testable import ConnectJobs

/// A tail's framing, as a made-up server writes it.
enum MadeFraming: CaseIterable, Sendable {
  case lines
  case concatenated
  case events
  case array

  var contentType: String {
    self == .events ? "text/event-stream" : "application/json"
  }

  /// What stands before a line's object and after it.
  func around(isFirst: Bool, _ random: inout SplitMix) -> (before: String, after: String) {
    let isOdd = random.next() % 8 == 0
    switch self {
    case .lines: return (isOdd ? "\r\n" : "", isOdd ? "\r\n\n" : "\n")
    case .concatenated: return ("", isOdd ? " " : "")
    case .array: return (isFirst ? "[" : isOdd ? " ,\n" : ",", "")
    case .events:
      let end = ["\n", "\r", "\r\n"][Int(random.next() % 3)]
      return (isOdd ? ": still here\(end)\(end)id: 7\(end)data:" : "data: ", "\(end)\(end)")
    }
  }

  /// What ends a tail that is whole.
  func ending(isEmpty: Bool) -> String { self == .array ? isEmpty ? "[]" : "]" : "" }
}

/// Lines as the bytes of one answer, read by the reader of the library in pieces of any size.
final class MadeAnswer {
  private let framing: MadeFraming?
  private let table = TableBuilder(Schemas.entry)
  private let reader: any EntryReading
  private let world: MadeTexts
  private var random: SplitMix
  private var isFirst = true

  /// - Parameter framing: of a tail; `nil`: the one document of `/log`.
  init(_ framing: MadeFraming?, _ world: MadeTexts, seed: UInt64) {
    self.framing = framing
    self.world = world
    random = SplitMix(seed: seed)
    reader =
      framing == nil
      ? LogReader(table, maxEntryBytes: nil) : TailReader(table, maxEntryBytes: nil)
    if framing == nil { read("{\"entries\":[", nil) }
  }

  /// - Parameter cut: chance in a thousand that the last line is cut at one of its bytes.
  /// - Returns: the lines that were read, and whether all bytes came.
  func receive(_ lines: ArraySlice<MadeLine>, cut: Bool) -> (lines: [MadeLine], isWhole: Bool) {
    var bytes: [UInt8] = []
    for line in lines {
      let around =
        framing?.around(isFirst: isFirst, &random) ?? (isFirst ? "" : ",", "")
      isFirst = false
      bytes += Array(around.0.utf8) + world.object(line) + Array(around.1.utf8)
    }
    let end = cut ? Int(random.next() % UInt64(bytes.count + 1)) : bytes.count
    read(bytes[..<end])
    return (take(), end == bytes.count)
  }

  /// Ends the bytes.
  ///
  /// - Parameter isWhole: the server ends them itself; else something between does, politely.
  /// - Returns: whether the reader finds them complete.
  func end(isWhole: Bool) -> Bool {
    if isWhole { read(framing?.ending(isEmpty: isFirst) ?? "]}", nil) }
    do throws(Failure) {
      try reader.end(ResponseHead())
      return true
    } catch {
      return false
    }
  }

  private func read(_ text: String, _: Void?) { read(Array(text.utf8)[...]) }

  private func read(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while !rest.isEmpty {
      let size = random.next() % 4 == 0 ? Int(random.next() % 7) + 1 : rest.count
      let piece = Array(rest.prefix(size))
      rest = rest.dropFirst(size)
      piece.withUnsafeBytes {
        try? reader.read($0, contentType: framing?.contentType ?? "application/json")
      }
    }
  }

  private func take() -> [MadeLine] {
    guard table.rows > 0, let rows = try? table.finish() else { return [] }
    return (0..<rows.rows).map { world.line(rows, $0) }
  }
}

/// What the lines of a made-up log say, and which line it was that said so. Lines that are equal in
/// all are one and the same here.
struct MadeTexts {
  private let texts: [String]
  private let objects: [[UInt8]]
  private var known: [MadeLine: MadeLine] = [:]

  private static let pieces = [
    "", "same", "same", "line", "\u{0}\u{1f}\t", "\"quoted\" \\ back", "é 数据", "🎉👩‍👩‍👧‍👦", "\u{fffd}",
    "data: x", "}{][", "\u{2028}\u{7f}",
  ]

  init(_ log: [MadeLine], isFramed: Bool, _ random: inout SplitMix) {
    let hasLongOne = random.next() % 1_000 == 0
    let texts = log.map { line in
      let piece = Self.pieces[Int(random.next() % UInt64(Self.pieces.count))]
      if hasLongOne, line.id == log.count / 2 { return String(repeating: "x", count: 1 << 20) }
      return random.next() % 3 == 0 ? piece : "\(piece) \(line.id)"
    }
    self.texts = texts
    let isEscaped = random.next() % 4 == 0
    objects = isFramed ? log.map { Self.object($0, texts[$0.id], isEscaped) } : []
    for line in log where isFramed {
      let content = MadeLine(id: 0, source: line.source, time: line.time, text: texts[line.id])
      if known[content] == nil { known[content] = line }
    }
  }

  /// The line that stands for all that are equal to it.
  func first(_ line: MadeLine) -> MadeLine {
    known[MadeLine(id: 0, source: line.source, time: line.time, text: texts[line.id])] ?? line
  }

  func line(_ rows: Table, _ row: Int) -> MadeLine {
    let content = MadeLine(
      id: 0, source: rows.string("source", row) == "stderr" ? 1 : 0,
      time: rows["timestamp"]?.number(row) ?? -1, text: rows.string("data", row) ?? "?")
    return known[content] ?? MadeLine(id: -1, source: content.source, time: content.time)
  }

  func object(_ line: MadeLine) -> [UInt8] { objects[line.id] }

  private static func object(_ line: MadeLine, _ said: String, _ isEscaped: Bool) -> [UInt8] {
    let digits = String(line.time)
    let time = String(repeating: "0", count: 9 - digits.count) + digits
    let source = line.source == 0 ? "stdout" : "stderr"
    let text = escaped(said, all: isEscaped)
    return Array(
      """
      {"source":"\(source)","timestamp":"1970-01-01T00:00:00.\(time)Z","data":"\(text)"}
      """.utf8)
  }

  private static func escaped(_ text: String, all: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case _ where scalar.value < 0x20 || (all && scalar.value > 0x7e):
        for unit in String(scalar).utf16 {
          let hex = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
