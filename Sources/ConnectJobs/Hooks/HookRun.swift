import CPosix
import Glibc

/// One hook's way through one table: a call a row, or one call for all.
struct HookRun {
  private let hook: Hook
  private let table: Table
  private(set) var counts = HookCounts()
  private var kept = KeptRows()
  private var text: RewrittenText?
  private var isStopped = false
  private var failure: String?

  /// What a function says of an entry; the numbers of the header.
  private static let keep: Int32 = 0
  private static let drop: Int32 = 1
  private static let stop: Int32 = 2

  init(_ hook: Hook, over table: Table) {
    self.hook = hook
    self.table = table
  }

  /// Runs it, and gives what is left.
  mutating func run() throws(Failure) -> HookedBatch {
    let start = Self.clock
    defer {
      counts.batches = 1
      counts.nanoseconds = Self.clock - start
      counts.longest = counts.nanoseconds
    }
    defer { text?.release() }
    switch hook.body {
    case .call(let call): try runRows(call)
    case .batch(let function, let context): runBatch(function, context)
    }
    var batch = HookedBatch(rows: try result())
    if hook.failureEnds, let failure {
      batch.end = .failed(Failure(.hook, "The hook \(hook.name.quoted) failed: \(failure)."))
    } else if isStopped {
      batch.end = .stopped
    }
    return batch
  }

  private static var clock: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// The rows that were kept, with their new text where they were rewritten.
  private mutating func result() throws(Failure) -> Table {
    guard hook.event.isDecided else { return table }
    let rows = try kept.taken(from: table)
    guard let column = try text?.column(like: table["data"]) else { return rows }
    return rows.replacing(column)
  }

  // MARK: Rows

  private mutating func runRows(_ call: HookCall) throws(Failure) {
    let frame = try CallFrame(call, over: table)
    switch call.signature.result {
    case .nothing: run(frame) { _ in .keep }
    case .number(let type): run(frame) { Self.judge($0, as: type) }
    case .status: run(frame) { $0.number == 0 ? .keep : .failed }
    case .verdict: run(frame) { Self.verdict($0.number) }
    case .line:
      var rewritten = RewrittenText(call)
      rewritten.expect(table.textBytes("data"), rows: table.rows)
      run(frame) { rewritten.take($0) ? .keep : .failed }
      text = rewritten
    }
  }

  /// What became of a row.
  private enum Outcome {
    case keep
    case drop
    case stop
    case failed
  }

  @inline(__always)
  private mutating func run(_ frame: CallFrame, _ judge: (CallFrame) -> Outcome) {
    for row in 0..<table.rows {
      let outcome: Outcome
      if let fault = frame.make(row) {
        note(fault)
        outcome = .failed
      } else {
        counts.calls += 1
        outcome = judge(frame)
        if outcome == .failed { note(frame) }
      }
      guard settle(row, outcome) else { return }
    }
  }

  /// - Returns: whether to go on.
  @inline(__always)
  private mutating func settle(_ row: Int, _ outcome: Outcome) -> Bool {
    switch outcome {
    case .keep: kept.keep(row)
    case .drop:
      counts.drops += 1
      kept.drop(row)
    case .stop:
      isStopped = true
      kept.end(row)
      return false
    case .failed: return fail(row)
    }
    return true
  }

  /// One that decides fails closed: the entry is withheld.
  private mutating func fail(_ row: Int) -> Bool {
    counts.errors += 1
    counts.lastError = failure
    if hook.failureEnds {
      kept.end(row)
      return false
    }
    if hook.decides {
      counts.drops += 1
      kept.drop(row)
    } else {
      kept.keep(row)
    }
    return true
  }

  @inline(__always)
  private static func judge(_ frame: CallFrame, as type: CType) -> Outcome {
    switch type {
    case .float: frame.result.load(as: Float.self) < 0 ? .failed : .keep
    case .double: frame.result.load(as: Double.self) < 0 ? .failed : .keep
    case .int8, .int16, .int32, .int64: frame.wideNumber < 0 ? .failed : .keep
    default: .keep
    }
  }

  @inline(__always)
  private static func verdict(_ number: Int32) -> Outcome {
    switch number {
    case keep: .keep
    case drop: .drop
    case stop: .stop
    default: .failed
    }
  }

  // MARK: Whole tables

  private mutating func runBatch(
    _ function: Hook.BatchFunction, _ context: UnsafeMutableRawPointer?
  ) {
    let verdicts = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, table.rows))
    defer { verdicts.deallocate() }
    verdicts.initialize(repeating: 0, count: max(1, table.rows))
    counts.calls = 1
    // Borrowed by the function for the call.
    let handle = OpaquePointer(Unmanaged.passUnretained(table).toOpaque())
    let answer = withExtendedLifetime(table) { function(handle, verdicts, context) }
    guard answer == 0 else { return failWhole("it returned \(answer)") }
    guard hook.event.isDecided else { return }
    for row in 0..<table.rows {
      let outcome = Self.verdict(Int32(verdicts[row]))
      if outcome == .failed { failure = "its verdict for a row is \(verdicts[row])" }
      guard settle(row, outcome) else { return }
    }
  }

  private mutating func failWhole(_ why: String) {
    failure = why
    counts.errors = 1
    counts.lastError = why
    guard hook.decides else { return }
    counts.drops = Int64(table.rows)
    kept.end(0)
  }

  // MARK: Faults

  private mutating func note(_ fault: CallFrame.Fault) {
    guard case .call(let call) = hook.body else { return }
    func name(_ argument: Int) -> String {
      guard case .field(let field) = call.signature.arguments[argument].value else { return "" }
      return field.name
    }
    switch fault {
    case .nul(let argument):
      failure =
        "\(name(argument).quoted) has a NUL inside, and the call does not take "
        + (name(argument) + "_len").quoted
    case .range(let argument):
      let type = call.signature.arguments[argument].type
      failure = "\(name(argument).quoted) does not fit into its type \(type.name)"
    case .noMemory: failure = "there is not enough memory"
    }
  }

  private mutating func note(_ frame: CallFrame) {
    guard case .call(let call) = hook.body else { return }
    switch call.signature.result {
    case .nothing: break
    case .number(.float): failure = "it returned \(frame.result.load(as: Float.self))"
    case .number(.double): failure = "it returned \(frame.result.load(as: Double.self))"
    case .number: failure = "it returned \(frame.wideNumber)"
    case .status, .verdict: failure = "it returned \(frame.number)"
    case .line:
      failure =
        frame.returnedText == nil
        ? "it returned NULL" : "what it returned is not UTF-8, or there is not enough memory"
    }
  }
}

extension CallFrame {
  /// What the function returned; libffi widens what is smaller.
  @inline(__always)
  var wideNumber: Int64 { result.load(as: Int64.self) }

  @inline(__always)
  var number: Int32 { Int32(truncatingIfNeeded: wideNumber) }

  var returnedText: UnsafePointer<CChar>? {
    UnsafePointer(bitPattern: result.load(as: UInt.self))
  }
}
