/// What has been delivered of a job's log, as far as it must be known to go on: for each source the
/// last instant, and how many lines at that instant. O(1) in the log's length.
///
/// It rests on what a log is: appended to, and in time order within a source. stdout and stderr are
/// two clocks; their times are never compared.
struct Seam: Equatable, Sendable {
  struct Mark: Equatable, Sendable {
    var time: Int64
    /// Lines delivered at that time. Lines may be equal in all that they have: they are counted.
    var count: Int
  }

  private(set) var marks: [Mark?] = []
  /// Lines delivered, by source; they tell where a reading of the whole log goes on even where the
  /// clock stepped back.
  private(set) var totals: [Int] = []
  /// The first line that was delivered: an answer that begins there, or before, has all.
  private(set) var first: (source: Int, time: Int64)?
  /// The source of the last line that is behind.
  private(set) var lastSource = 0
  /// Lines are behind that were never seen: a follow that did not begin with the first one.
  var hasUnseen = false
  /// A source's clock has stepped back: the marks are not exact any more.
  var isUnordered = false

  static func == (a: Seam, b: Seam) -> Bool {
    a.marks == b.marks && a.isUnordered == b.isUnordered
  }

  var isEmpty: Bool { first == nil }

  subscript(_ source: Int) -> Mark? { source < marks.count ? marks[source] : nil }

  /// Takes note of a delivered line. One that may have been delivered before is not counted: no count
  /// may ever be more than the lines that are behind.
  @inline(__always)
  mutating func pass(_ source: Int, _ time: Int64, isGuess: Bool = false) {
    while marks.count <= source {
      marks.append(nil)
      totals.append(0)
    }
    if !isGuess { totals[source] += 1 }
    lastSource = source
    if first == nil { first = (source, time) }
    guard var mark = marks[source] else {
      marks[source] = Mark(time: time, count: 1)
      return
    }
    if time > mark.time {
      mark = Mark(time: time, count: 1)
    } else if time == mark.time {
      if !isGuess { mark.count += 1 }
    } else {
      isUnordered = true
    }
    marks[source] = mark
  }
}

extension Seam {
  /// Takes note of many delivered lines at once, where the time of each source only goes on.
  ///
  /// - Returns: false where one steps back, or is missing: then nothing is noted.
  mutating func pass(_ keys: EntryKeys) -> Bool {
    guard let plain = keys.plain else { return false }
    let sources = 1 + (plain.numbers.max() ?? 0)
    var now = (0..<sources).map { self[$0] ?? Mark(time: .min, count: 0) }
    var counts = Array(repeating: 0, count: sources)
    let isOrdered = now.withUnsafeMutableBufferPointer { now in
      counts.withUnsafeMutableBufferPointer { counts in
        plain.numbers.withUnsafeBufferPointer { numbers in
          Self.pass(plain.codes, plain.times, keys.count, numbers, now, counts)
        }
      }
    }
    guard isOrdered, keys.count > 0 else { return isOrdered }
    if first == nil { first = keys.key(0, .min) }
    lastSource = keys.key(keys.count - 1, .min).source
    for source in 0..<sources where counts[source] > 0 {
      while marks.count <= source {
        marks.append(nil)
        totals.append(0)
      }
      marks[source] = now[source]
      totals[source] += counts[source]
    }
    return true
  }

  /// The loop over the lines of a batch.
  private static func pass(
    _ codes: UnsafePointer<Int32>, _ times: UnsafePointer<Int64>, _ count: Int,
    _ numbers: UnsafeBufferPointer<Int>, _ now: UnsafeMutableBufferPointer<Mark>,
    _ counts: UnsafeMutableBufferPointer<Int>
  ) -> Bool {
    for row in 0..<count {
      let source = numbers[Int(codes[row])]
      let time = times[row]
      if time > now[source].time {
        now[source] = Mark(time: time, count: 1)
      } else if time == now[source].time {
        now[source].count += 1
      } else {
        return false
      }
      counts[source] += 1
    }
    return true
  }
}

/// One reading of a log, from some line on: an answer of `/log`, or a stream. It tells, line by
/// line, which ones come after the seam.
///
///     of a source          time < mark   drop; the reading is known to begin before the mark
///     not yet past         time = mark   drop as many as were delivered, if the reading is known to
///     its mark                           begin before that instant; else it cannot be told
///                          time > mark   deliver, if nothing can be missing before; else it cannot
///                                        be told
///     past its mark        any time      deliver
///
/// Where a source's clock has stepped back, times tell nothing: a whole reading then goes by the
/// number of lines, and any other gives them all, rather repeating than losing.
struct Reading: Sendable {
  enum Verdict: Equatable {
    case drop
    case deliver
    /// A line at the mark's instant, and the reading may have begun in the midst of that instant.
    case undecided
    /// A line after the mark, and lines between may be missing.
    case unproven
  }

  private let start: [Seam.Mark?]
  private let totals: [Int]
  private let isUnordered: Bool
  private let lastSource: Int
  private let hasUnseen: Bool
  private var isAtSeam = false
  private var seen: [Int]
  private var newest: [Int64]
  private var isPast: [Bool]
  private var beganBefore: [Bool]
  /// A line that was delivered before has been seen here: all that follows it is complete.
  private var overlaps = false
  /// It begins with the log's first line, or with the first that is wanted.
  var isWhole: Bool
  /// A line was older than one before it: times cannot tell any more where to go on.
  private(set) var stepsBack = false
  /// A line was older than the seam although new lines came before it; a whole reading will tell.
  private(set) var isPuzzled = false
  private var isPastAny = false
  /// Everything before its first line has been delivered.
  var isJoined: Bool

  /// Whether lines may be given that were delivered before, because nothing tells them apart.
  var isGuess: Bool { isUnordered && !isWhole }

  init(from seam: Seam, isWhole: Bool = false, isJoined: Bool = false) {
    start = seam.marks
    totals = seam.totals
    isUnordered = seam.isUnordered
    lastSource = seam.lastSource
    hasUnseen = seam.hasUnseen
    seen = Array(repeating: 0, count: start.count)
    newest = Array(repeating: .min, count: start.count)
    isPast = Array(repeating: false, count: start.count)
    beganBefore = Array(repeating: false, count: start.count)
    self.isWhole = isWhole
    self.isJoined = isJoined
  }

  /// Whether it is known to lack nothing that comes after the seam.
  var isProven: Bool { isWhole || overlaps || isJoined }

  @inline(__always)
  mutating func judge(_ source: Int, _ time: Int64) -> Verdict {
    guard source < start.count, let mark = start[source] else {
      return judgeUnmarked()
    }
    if isPast[source] { return .deliver }
    if isUnordered { return judgeByNumber(source) }
    if time < newest[source] {
      stepsBack = true
      return .undecided
    }
    newest[source] = time
    if time < mark.time {
      if isPastAny, !isWhole {
        isPuzzled = true
        return .undecided
      }
      beganBefore[source] = true
      overlaps = true
      return .drop
    }
    if time == mark.time {
      guard isWhole || beganBefore[source] else { return .undecided }
      seen[source] += 1
      overlaps = true
      if seen[source] == mark.count, source == lastSource { isAtSeam = true }
      return seen[source] <= mark.count ? .drop : isNowPast(source)
    }
    if lacksMark(source) {
      // Lines before the mark, and not the mark: these were no old lines, but a clock set back.
      stepsBack = true
      return .undecided
    }
    return isProven ? isNowPast(source) : .unproven
  }

  /// Whether each line from here on is delivered, whatever its source and time.
  var deliversAll: Bool {
    isProven && !isUnordered && (!hasUnseen || isPastAny)
      && start.indices.allSatisfy { start[$0] == nil || isPast[$0] }
  }

  func hasMark(_ source: Int) -> Bool { source < start.count && start[source] != nil }

  /// Whether it had lines of before the mark, or should have them, but not all of those at the mark.
  private func lacksMark(_ source: Int) -> Bool {
    guard beganBefore[source] || isWhole, !isPast[source], let mark = start[source] else {
      return false
    }
    return seen[source] < mark.count
  }

  /// The same, of a reading that is over and came to the log's end.
  var endsBeforeMark: Bool { !isUnordered && start.indices.contains(where: lacksMark) }

  /// A line of a source that has no mark: none of its lines was delivered, but where a follow began
  /// later, some may be behind all the same.
  private mutating func judgeUnmarked() -> Verdict {
    guard isProven else { return .unproven }
    if hasUnseen, !isPastAny, !isAtSeam { return isWhole || overlaps ? .drop : .undecided }
    isPastAny = true
    return .deliver
  }

  private mutating func isNowPast(_ source: Int) -> Verdict {
    isPast[source] = true
    isPastAny = true
    return .deliver
  }

  private mutating func judgeByNumber(_ source: Int) -> Verdict {
    guard isWhole else { return isJoined ? .deliver : .undecided }
    seen[source] += 1
    return seen[source] <= totals[source] ? .drop : isNowPast(source)
  }
}
