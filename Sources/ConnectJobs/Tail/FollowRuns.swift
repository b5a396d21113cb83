/// Lines in runs: most batches of a tail are delivered as they are, and need not be judged line by line.
extension FollowMachine {
  /// Whether each line of the tail is delivered from here on, as long as no clock steps back.
  var deliversTail: Bool {
    guard case .live = state, !isFirstTailLine, !isProbeOwed, !isReplaySuspected else {
      return false
    }
    if case .since = start { return false }
    if isByNumber, tailOverlap != 0 { return false }
    return tail.deliversAll
  }

  /// Delivers all lines of a batch, of a tail that delivers each.
  ///
  /// - Returns: false where a clock steps back: then they are to be judged one by one.
  mutating func deliver(_ keys: EntryKeys) -> Bool {
    guard seam.pass(keys) else { return false }
    delivered += keys.count
    fruitless = 0
    return true
  }
}
