/// A few lines of the log, read before the first tail is opened, to know a replay by: one that gives
/// the log from its beginning comes past all of these lines.
struct Probe {
  private var oldest: [Int64] = []
  private var newest: [Int64] = []
  /// Lines of each source that the tail has not come past yet.
  private var left: [Int] = []
  private var first: (source: Int, time: Int64)?
  private var rows = 0
  /// The answer had as many lines as were asked for: it may begin in the midst.
  var isCut = false

  /// Whether the tail has come past all of them.
  private(set) var isPassed = true

  mutating func add(_ source: Int, _ time: Int64) {
    while left.count <= source {
      oldest.append(.max)
      newest.append(.min)
      left.append(0)
    }
    oldest[source] = min(oldest[source], time)
    newest[source] = max(newest[source], time)
    left[source] += 1
    if first == nil { first = (source, time) }
    rows += 1
    isPassed = false
  }

  /// Whether a tail that begins with this line seems to begin where the log does.
  func isReplayed(from source: Int, _ time: Int64) -> Bool {
    guard source < left.count, time < newest[source], let first else { return false }
    return isCut ? time < oldest[source] : (source, time) == first
  }

  /// Takes note of a tail's line.
  ///
  /// - Returns: false where the tail cannot have begun where the log does: a line that is newer than
  ///   those of its source came before all of them had come.
  mutating func pass(_ source: Int, _ time: Int64) -> Bool {
    guard source < left.count, left[source] > 0 else { return true }
    guard time <= newest[source] else { return false }
    left[source] -= 1
    if left[source] == 0 { isPassed = left.allSatisfy { $0 == 0 } }
    return true
  }
}
