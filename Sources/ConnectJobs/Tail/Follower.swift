/// Follows one job: the thin shell around ``FollowMachine``. It makes the requests that the machine
/// asks for, hands it the lines as they come, and queues those that it delivers.
final class Follower {
  let job: JobName
  let client: Client
  let call: Call
  let options: TailOptions
  var machine: FollowMachine
  /// Rung by each of its transfers.
  var bell: Bell?
  private(set) var end: EndReason?
  private(set) var entries: Int64 = 0
  private(set) var bytes: Int64 = 0

  // What is under way.
  var tail: (exchange: Exchange, sink: EntrySink)?
  var log: (exchange: Exchange, sink: EntrySink)?
  var look: (exchange: Exchange, row: TableBuilder)?
  var counter: (exchange: Exchange, lines: LineCounter)?
  var wait: Wait?

  // Lines.
  private var names = SourceNames()
  private(set) var heldLog: [Table] = []
  private(set) var heldTail: Table?
  /// Lines of the tail that were looked at before it was taken up.
  private(set) var peekedTail: Table?
  private var queue: [Table] = []
  private var lastTime = Int64.min
  private(set) var lastDelivered: LineKey?
  var filling = FillingKeys()
  /// What the server last said of the job, for the hooks.
  var lastRow: Table?
  /// What the hooks have been told of the job.
  var news = JobNews()

  /// What the machine waits for.
  enum Wait {
    case tailHead(until: Instant)
    case tailLine(until: Instant)
    case logRows
    case downloadRows
    case count
    case tailRows
    case look
    case rest(until: Instant)
  }

  init(_ job: JobName, _ options: TailOptions, _ client: Client, _ call: Call) throws(Failure) {
    _ = try client.path(job)
    self.job = job
    self.options = options
    self.client = client
    self.call = call
    machine = FollowMachine(
      options.start, budget: options.budget, seed: UInt64.random(in: 0 ... .max))
  }

  var failure: Failure? { machine.failure }
  var hasBatch: Bool { !queue.isEmpty }
  /// Rows that have arrived and were not looked at yet.
  var arrivedRows: Int { (tail?.sink.rows ?? 0) + (log?.sink.rows ?? 0) }
  var isDone: Bool { end != nil && queue.isEmpty }

  // MARK: Steps

  /// Takes all steps that are due.
  func advance(_ session: Session, _ reactor: Reactor, _ shared: HabitsBox) throws(Failure) {
    let now = Instant.now
    if wait == nil, end == nil { try perform(step(.start, shared, now), session, reactor, now) }
    advanceRequests(session, reactor, now)
    if names.areTooMany { failForSources(reactor) }
    while end == nil, let event = try happened(shared, reactor, now) {
      try perform(step(event, shared, now), session, reactor, now)
      advanceRequests(session, reactor, now)
    }
    holdBack()
  }

  private func step(
    _ event: FollowMachine.Event, _ shared: HabitsBox, _ now: Instant
  ) -> FollowMachine.Command {
    let command = machine.next(event, &shared.habits, now)
    if command == .readDownload { noteAnchor() }
    settleHeldLog()
    return command
  }

  /// When `advance` is due although nothing has come; `nil`: not.
  var nextDue: Instant? {
    guard end == nil else { return nil }
    var due: Instant?
    switch wait {
    case .tailHead(let until), .tailLine(let until), .rest(let until): due = until
    case .tailRows: due = quietUntil
    default: break
    }
    for exchange in [tail?.exchange, log?.exchange, look?.exchange, counter?.exchange] {
      guard let next = exchange?.nextDue else { continue }
      due = due.map { min($0, next) } ?? next
    }
    return due
  }

  /// What the machine waits for, where it has happened.
  private func happened(
    _ shared: HabitsBox, _ reactor: Reactor, _ now: Instant
  ) throws(Failure) -> FollowMachine.Event? {
    switch wait {
    case .tailHead(let until): return tailHead(until, now)
    case .tailLine(let until): return try tailLine(until, now)
    case .logRows: return try logRows(shared, reactor)
    case .downloadRows: return try downloadRows(shared, reactor)
    case .count: return counted(reactor)
    case .tailRows: return try tailRows(shared) ?? quietTail(reactor, now)
    case .look: return try looked()
    case .rest(let until): return now >= until ? .rested : nil
    case nil: return nil
    }
  }

  func cancel() {
    guard end == nil else { return }
    end = .cancelled
  }

  /// A hook ended the tail before all of this job was given away.
  func stop() { end = .stopped }

  /// A log has two sources, or a few. Without a bound a hostile one could fill memory with names.
  private func failForSources(_ reactor: Reactor) {
    guard end == nil else { return }
    machine.failure = Failure(
      .protocol,
      "The log names more sources than a job can have. Check that the address is a Posit Connect's."
    )
    finish(.lost, reactor)
  }

  func finish(_ reason: EndReason, _ reactor: Reactor) {
    abandonAll(reactor)
    end = reason
  }

  // MARK: Lines of the log

  private func logRows(
    _ shared: HabitsBox, _ reactor: Reactor
  ) throws(Failure) -> FollowMachine.Event? {
    guard let log else { return nil }
    if let rows = try log.sink.take(), try judgeLog(rows) {
      log.exchange.abandon(reactor)
      self.log = nil
      return .stopped
    }
    guard case .done(let result) = log.exchange.state else { return nil }
    self.log = nil
    return try logEnded(result, shared, reactor)
  }

  /// - Returns: whether the machine wants no more.
  private func judgeLog(_ rows: Table) throws(Failure) -> Bool {
    guard let keys = EntryKeys(rows, &names) else { return true }
    var kept = RowRuns()
    var held = RowRuns()
    var isStopped = false
    for row in 0..<keys.count {
      let key = keys.key(row, lastTime)
      lastTime = key.time
      switch machine.judgeLog(key.source, key.time) {
      case .deliver: kept.add(row)
      case .hold: held.add(row)
      case .drop: break
      case .stop: isStopped = true
      }
      if isStopped { break }
    }
    enqueue(kept.slices(of: rows))
    heldLog += held.slices(of: rows)
    trimHeldLog()
    return isStopped || hasHeldTooMuch
  }

  /// Lines that are only few may be long all the same.
  private var hasHeldTooMuch: Bool {
    machine.mostHeld == nil
      && heldLog.reduce(0) { $0 + $1.textBytes("data") } > max(options.bytes, Self.mostHeldBytes)
  }

  private static let mostHeldBytes = 16 << 20

  private func trimHeldLog() {
    guard let most = machine.mostHeld else { return }
    while let first = heldLog.first, heldLog.reduce(0, { $0 + $1.rows }) - first.rows >= most {
      heldLog.removeFirst()
    }
  }

  private func settleHeldLog() {
    switch machine.held {
    case .keep: return
    case .discard: heldLog = []
    case .deliver:
      let isBaseline = machine.mostHeld != nil
      for table in lastRows(of: heldLog, machine.mostHeld) {
        if !isBaseline { pass(table) }
        enqueue([table])
      }
      heldLog = []
    }
  }

  /// The machine learns of lines that it held, now that they are delivered.
  private func pass(_ table: Table) {
    guard let keys = EntryKeys(table, &names) else { return }
    for row in 0..<keys.count {
      let key = keys.key(row, lastTime)
      lastTime = key.time
      _ = machine.deliver(key.source, key.time)
    }
  }

  private func lastRows(of tables: [Table], _ most: Int?) -> [Table] {
    guard let most, let first = tables.first else { return tables }
    let surplus = tables.reduce(0) { $0 + $1.rows } - most
    guard surplus > 0, let rest = first.slice(surplus, first.rows - surplus) else { return tables }
    return [rest] + tables.dropFirst()
  }

  // MARK: Lines of the tail

  private func tailRows(_ shared: HabitsBox) throws(Failure) -> FollowMachine.Event? {
    if let event = placeHeldTail() { return event }
    guard let tail else { return .tailEnded(.passing(Self.noTail)) }
    let peeked = peekedTail
    peekedTail = nil
    if let rows = peeked, let event = judgeTail(rows, shared) { return event }
    if let rows = try tail.sink.take(), let event = judgeTail(rows, shared) { return event }
    guard case .done(let result) = tail.exchange.state else { return nil }
    self.tail = nil
    switch result {
    case .success: return .tailEnded(nil)
    case .failure(let failure): return .tailEnded(Trouble(failure))
    }
  }

  private func judgeTail(_ rows: Table, _ shared: HabitsBox) -> FollowMachine.Event? {
    tellOverlap(rows)
    if machine.deliversTail, let keys = EntryKeys(rows, &names), machine.deliver(keys) {
      lastTime = keys.count > 0 ? keys.key(keys.count - 1, lastTime).time : lastTime
      enqueue([rows])
      return nil
    }
    heldTail = judge(rows) { $0.judgeTail($1, $2, &shared.habits) }
    return heldTail == nil ? nil : .stopped
  }

  /// Places the lines that were held back while the log was read.
  private func placeHeldTail() -> FollowMachine.Event? {
    guard let rows = heldTail else { return nil }
    heldTail = judge(rows) { $0.judgeHeld($1, $2) }
    guard heldTail == nil else { return .stopped }
    machine.heldIsPlaced()
    return nil
  }

  /// Queues the lines that are delivered.
  ///
  /// - Returns: the lines from the one on that the machine did not take; `nil`: it took all.
  @inline(__always)
  private func judge(
    _ rows: Table, by verdict: (inout FollowMachine, Int, Int64) -> FollowMachine.Verdict
  ) -> Table? {
    guard let keys = EntryKeys(rows, &names) else { return nil }
    var kept = RowRuns()
    defer { enqueue(kept.slices(of: rows)) }
    for row in 0..<keys.count {
      let key = keys.key(row, lastTime)
      switch verdict(&machine, key.source, key.time) {
      case .deliver: kept.add(row)
      case .drop, .hold: break
      case .stop: return rows.slice(row, rows.rows - row)
      }
      lastTime = key.time
    }
    return nil
  }

  /// The first line of a tail that has not been taken up.
  func firstTailLine() throws(Failure) -> (source: Int, time: Int64)? {
    if peekedTail == nil { peekedTail = try tail?.sink.take() }
    guard let peekedTail, let keys = EntryKeys(peekedTail, &names) else { return nil }
    return keys.key(0, .min)
  }

  func forgetTailLines() {
    heldTail = nil
    peekedTail = nil
  }

  /// A stream that brings no byte for so long is perhaps one that nobody feeds any more.
  private var quietUntil: Instant? {
    guard let transfer = tail?.exchange.transfer, !transfer.isPaused,
      let idle = client.configuration.idleTimeout
    else { return nil }
    return transfer.lastByte + Self.quietTimes * idle
  }

  private func quietTail(_ reactor: Reactor, _ now: Instant) -> FollowMachine.Event? {
    guard let quietUntil, now >= quietUntil else { return nil }
    closeTail(reactor)
    return .tailEnded(.passing(Failure(.timedOut, "The stream was silent for long.")))
  }

  /// A job may well be silent for longer than a request.
  private static let quietTimes: Int64 = 5

  private static let noTail = Failure(.internal, "A follow lost its tail.")

  // MARK: Batches

  func enqueue(_ tables: [Table]) {
    for table in tables where table.rows > 0 {
      queue.append(table)
      lastDelivered = LineKey(table, table.rows - 1)
    }
  }

  func takeBatch() -> Table? {
    guard var table = queue.first else { return nil }
    if table.rows > options.rows, let head = table.slice(0, options.rows),
      let rest = table.slice(options.rows, table.rows - options.rows)
    {
      table = head
      queue[0] = rest
    } else {
      queue.removeFirst()
    }
    entries += Int64(table.rows)
    bytes += Int64(table.textBytes("data"))
    holdBack()
    return table
  }

  /// What waits to be read holds the senders back, so that there is one batch at most. A tail also waits
  /// for its turn, and then one line of it is enough to see where it begins.
  private func holdBack() {
    let isTaken = if case .tailRows = wait { heldTail == nil } else { false }
    let room = queue.isEmpty ? options.rows : 0
    admit(log, room)
    admit(tail, isTaken ? room : min(room, 1))
  }

  private func admit(_ stream: (exchange: Exchange, sink: EntrySink)?, _ rows: Int) {
    guard let stream else { return }
    stream.sink.mostRows = rows
    if stream.sink.rows < rows { stream.exchange.transfer?.resume() }
  }
}

/// What the follows of one tail have learned together.
final class HabitsBox {
  var habits = ServerHabits()
}

/// Rows that are kept, as runs.
struct RowRuns {
  private var runs: [Range<Int>] = []

  @inline(__always)
  mutating func add(_ row: Int) {
    if let last = runs.last, last.upperBound == row {
      runs[runs.count - 1] = last.lowerBound..<row + 1
    } else {
      runs.append(row..<row + 1)
    }
  }

  func slices(of table: Table) -> [Table] {
    if let only = runs.first, only.count == table.rows { return [table] }
    return runs.compactMap { table.slice($0.lowerBound, $0.count) }
  }
}

extension Table {
  /// The bytes of text in the rows of a column.
  func textBytes(_ name: String) -> Int {
    guard let column = self[name], let offsets = column.offsets, rows > 0 else { return 0 }
    let first = offsets.bytes.load(fromByteOffset: column.offset * 8, as: Int64.self)
    let end = offsets.bytes.load(fromByteOffset: (column.offset + rows) * 8, as: Int64.self)
    return Int(end - first)
  }
}
