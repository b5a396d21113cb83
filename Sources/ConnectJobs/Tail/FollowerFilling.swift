/// A line as it can be found again in another answer: its time, and its text as a number.
struct LineKey: Equatable {
  let time: Int64
  let text: UInt64

  /// `nil`: it has no time.
  init?(_ rows: Table, _ row: Int) {
    guard row >= 0, row < rows.rows, let time = rows["timestamp"], let data = rows["data"],
      !time.isNull(row)
    else { return nil }
    self.time = time.number(row)
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in UnsafeRawBufferPointer(data.text(row)) {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    text = hash
  }
}

/// What a follow remembers while the download fills a gap.
struct FillingKeys {
  /// The line that shows that the download is the same log.
  var anchor: LineKey?
  /// The last lines of the download, for a tail whose first line comes later.
  var last: [LineKey] = []
  var count = 0

  private static let most = 1_024

  mutating func add(_ key: LineKey) {
    count += 1
    last.append(key)
    if last.count >= 2 * Self.most { last.removeFirst(Self.most) }
  }

  /// How many of these lines, which a tail begins with and goes on from, came with the download.
  func overlap(_ rows: Table) -> (count: Int, isAmbiguous: Bool) {
    guard let first = LineKey(rows, 0) else { return (0, !last.isEmpty) }
    let places = last.indices.filter { place in
      last[place] == first
        && (0..<min(rows.rows, last.count - place)).allSatisfy {
          LineKey(rows, $0) == last[place + $0]
        }
    }
    if let place = places.last { return (last.count - place, places.count > 1) }
    // It may have been before those that are remembered.
    let isPerhapsBefore = count > last.count && last.contains { $0.time >= first.time }
    return (0, isPerhapsBefore)
  }
}

extension Follower {
  func readDownload() throws(Failure) {
    let path = try client.path(job) + "/download"
    log = try logRequest(.download, path)
    filling.last = []
    filling.count = 0
  }

  /// Takes note of the line that the download must have, before the lines that are held are let go.
  func noteAnchor() {
    filling.anchor =
      machine.filling.skip > 0 ? lastDelivered : heldLog.first.flatMap { LineKey($0, 0) }
  }

  func downloadRows(
    _ shared: HabitsBox, _ reactor: Reactor
  ) throws(Failure) -> FollowMachine.Event? {
    guard let log else { return nil }
    if let rows = try log.sink.take(), try judgeDownload(rows) {
      log.exchange.abandon(reactor)
      self.log = nil
      return .stopped
    }
    guard case .done(let result) = log.exchange.state else { return nil }
    self.log = nil
    switch result {
    case .success: return .logEnded
    case .failure(let failure): return .logFailed(Trouble(failure))
    }
  }

  /// - Returns: whether the machine wants no more.
  private func judgeDownload(_ rows: Table) throws(Failure) -> Bool {
    let head = try tailHeadKey()
    var kept = RowRuns()
    defer { enqueue(kept.slices(of: rows)) }
    for row in 0..<rows.rows {
      let key = LineKey(rows, row)
      let verdict = machine.judgeDownload(
        isStamped: key != nil, isAnchor: key != nil && key == filling.anchor,
        isHead: key != nil && key == head)
      if verdict == .stop { return true }
      if let key { filling.add(key) }
      if verdict == .deliver { kept.add(row) }
    }
    return false
  }

  private func tailHeadKey() throws(Failure) -> LineKey? {
    if let heldTail { return LineKey(heldTail, 0) }
    _ = try firstTailLine()
    return peekedTail.flatMap { LineKey($0, 0) }
  }

  /// The first lines of a tail that came after the download tell how many of them both have.
  func tellOverlap(_ rows: Table) {
    guard machine.awaitsOverlap else { return }
    let found = filling.overlap(rows)
    machine.overlaps(found.count, isAmbiguous: found.isAmbiguous)
    filling.last = []
  }
}
