import Glibc
import Testing

@testable import ConnectJobs

/// A table of entries with these lines.
private func entries(_ lines: [String?], job: JobName = JobName(guid: "g", key: "k")) throws
  -> Table
{
  let builder = TableBuilder(Schemas.entry, constants: Schemas.entryConstants(job))
  for (row, line) in lines.enumerated() {
    try builder.stage(row % 3 == 2 ? "stderr" : "stdout", "source")
    builder.stage(row % 4 == 3 ? nil : Int64(row), "timestamp")
    try builder.stage(line, "data")
    try builder.endRow()
  }
  return try builder.finish()
}

private typealias Text = UnsafePointer<CChar>?

/// Drops each line that begins with "d", stops at one with "s", fails at one with "f".
private let decide: @convention(c) (Text) -> CInt = { text in
  switch text.map({ $0[0] }) {
  case CChar(UInt8(ascii: "d")): 1
  case CChar(UInt8(ascii: "s")): 2
  case CChar(UInt8(ascii: "f")): 9
  default: 0
  }
}

private let upper: @convention(c) (Text) -> UnsafeMutablePointer<CChar>? = { text in
  guard let text, text[0] != CChar(UInt8(ascii: "f")), let copy = strdup(text) else { return nil }
  copy[0] = CChar(toupper(CInt(copy[0])))
  return copy
}

/// A function of these tests, with the signature that it is called by.
private struct Function: @unchecked Sendable {
  let signature: String
  let address: UnsafeRawPointer

  static let decider = Function(
    signature: "verdict decide(data)", address: unsafeBitCast(decide, to: UnsafeRawPointer.self))
  static let rewriter = Function(
    signature: "line free(free) upper(data)",
    address: unsafeBitCast(upper, to: UnsafeRawPointer.self))
}

private func set(_ hooks: [Function], failureEnds: Bool = false) throws -> HookSet {
  let set = try HookSet(allowWritable: false)
  for hook in hooks {
    let prepared = try set.prepare(
      .entry, hook.signature, .address(hook.address), context: nil, failureEnds: failureEnds)
    set.add([prepared])
  }
  return set
}

@Suite("A batch that goes through hooks")
struct HookRunTests {
  @Test("is the same table where every line is kept")
  func same() throws {
    let table = try entries(["a", "b"])
    #expect(try set([.decider]).pass(table).rows === table)
    #expect(try set([]).pass(table).rows === table)
  }

  @Test("has the lines that are kept, with all of their columns, whichever they are")
  func kept() throws {
    var numbers = SeededNumbers()
    for _ in 0..<200 {
      let lines = (0..<Int.random(in: 0...40, using: &numbers)).map { row in
        Int.random(in: 0...2, using: &numbers) == 0 ? "d\(row)" : "k\(row) ü"
      }
      let table = try entries(lines)
      let part = Int.random(in: 0...lines.count, using: &numbers)
      let slice = try #require(table.slice(part, lines.count - part))
      let rows = try set([.decider]).pass(slice).rows
      let wanted = (part..<lines.count).filter { lines[$0].hasPrefix("k") }
      #expect(rows.columns.allSatisfy { $0.isWellFormed }, "seed \(numbers.seed)")
      for (column, other) in zip(rows.columns, table.columns) {
        #expect(column.cells == wanted.map { other.cell($0) }, "seed \(numbers.seed)")
      }
    }
  }

  @Test("ends before the line at which a hook stops, and goes through the later hooks")
  func stopped() throws {
    let batch = try set([.decider, .rewriter]).pass(try entries(["a", "d", "b", "s", "c"]))
    #expect(batch.rows.cells("data") == ["A", "B"])
    guard case .stopped = batch.end else {
      Issue.record("it is not stopped")
      return
    }
  }

  @Test("loses the lines at which a deciding or rewriting hook fails")
  func closed() throws {
    let hooks = try set([.decider, .rewriter])
    let batch = try hooks.pass(try entries(["a", "f", "b", nil]))
    #expect(batch.rows.cells("data") == ["A", "B", ""])
    if batch.end != nil { Issue.record("it ends") }
    #expect(try hooks.statistics().cells("errors") == [1, 0])
    let rewritten = try set([.rewriter]).pass(try entries(["f", "a"]))
    #expect(rewritten.rows.cells("data") == ["A"])
  }

  @Test("or ends there, where that was asked for")
  func ended() throws {
    let batch = try set([.decider], failureEnds: true).pass(try entries(["a", "f", "b"]))
    #expect(batch.rows.cells("data") == ["a"])
    guard case .failed(let failure) = batch.end else {
      Issue.record("it does not end")
      return
    }
    #expect(failure.status == .hook)
    #expect(failure.message.contains("decide"))
  }

  @Test("leaves a slice of nothing where every line is dropped")
  func nothing() throws {
    let batch = try set([.decider]).pass(try entries(["d", "d", "d"]))
    #expect(batch.rows.rows == 0)
    #expect(batch.rows.columns.allSatisfy { $0.isWellFormed })
  }
}
