/// How a tail puts one LogEntry after another. Posit does not say what Connect does, so a client
/// must cope with each of these.
enum Framing: String, Sendable, CaseIterable {
  /// An object a line.
  case ndjson
  /// Objects with nothing between them.
  case concatenated
  /// Server-Sent Events: `data: {…}` and an empty line.
  case sse
  /// One array that grows.
  case array

  var contentType: String {
    self == .sse ? "text/event-stream" : "application/json"
  }
}

/// Lines as the body of an answer: something before the first, between two, and after the last.
/// Pure; `open`, `add` and `close` append to the bytes that go out next.
struct EntryWriter {
  private let before: [UInt8]
  private let between: [UInt8]
  private let after: [UInt8]
  private let prefix: [UInt8]
  private let suffix: [UInt8]
  private var time = TimeWriter(.rfc3339)
  private var isFirst = true

  private init(
    before: String = "", between: String = "", after: String = "", prefix: String = "",
    suffix: String = ""
  ) {
    self.before = Array(before.utf8)
    self.between = Array(between.utf8)
    self.after = Array(after.utf8)
    self.prefix = Array(prefix.utf8)
    self.suffix = Array(suffix.utf8)
  }

  /// A tail.
  init(_ framing: Framing) {
    switch framing {
    case .ndjson: self.init(suffix: "\n")
    case .concatenated: self.init()
    case .sse: self.init(prefix: "data: ", suffix: "\n\n")
    case .array: self.init(before: "[", between: ",", after: "]")
    }
  }

  /// The document of `/log`.
  static var document: EntryWriter {
    EntryWriter(before: "{\"entries\":[", between: ",", after: "]}")
  }

  func open(_ out: inout [UInt8]) { out.append(contentsOf: before) }

  mutating func add(_ line: LogLine, to out: inout [UInt8]) {
    if !isFirst { out.append(contentsOf: between) }
    isFirst = false
    out.append(contentsOf: prefix)
    out.append(contentsOf: Self.head(line.source))
    time.append(line.time, to: &out)
    out.append(contentsOf: Self.middle)
    JSONText.append(line.data, to: &out)
    out.append(contentsOf: Self.tail)
    out.append(contentsOf: suffix)
  }

  func close(_ out: inout [UInt8]) { out.append(contentsOf: after) }

  private static let stdoutHead = Array("{\"source\":\"stdout\",\"timestamp\":\"".utf8)
  private static let stderrHead = Array("{\"source\":\"stderr\",\"timestamp\":\"".utf8)
  private static let middle = Array("\",\"data\":\"".utf8)
  private static let tail = Array("\"}".utf8)

  private static func head(_ source: LogSource) -> [UInt8] {
    source == .stdout ? stdoutHead : stderrHead
  }
}

/// Lines as a text file has them: `2024/12/06 19:09:29.948016766 text`. Connect documents no format
/// for its download; this is the one of its older endpoints' `stdout` and `stderr`.
struct TextWriter {
  private var time = TimeWriter(.logFile)

  mutating func add(_ line: LogLine, to out: inout [UInt8]) {
    time.append(line.time, to: &out)
    out.append(UInt8(ascii: " "))
    out.append(contentsOf: line.data)
    out.append(UInt8(ascii: "\n"))
  }

  /// The same, as the inside of a JSON string.
  mutating func addEscaped(_ line: LogLine, to out: inout [UInt8]) {
    time.append(line.time, to: &out)
    out.append(UInt8(ascii: " "))
    JSONText.append(line.data, to: &out)
    out.append(contentsOf: Array("\\n".utf8))
  }
}
