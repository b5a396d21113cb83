/// What a follow does where `/log` is cut at a limit of the server's and lines are missing: it reads
/// the download, which is whole, and goes by the number of lines from then on, because the download
/// does not tell their source.
///
/// It is believed only where it can be seen to be the same log: each line of it begins with a time,
/// and at the place where the follow stands it has the line that stands there. A tail that was opened
/// before is joined by its first line: the last line of the download that is equal to it tells how
/// many lines both have.
struct Filling {
  /// Lines that are behind.
  let skip: Int
  var rows = 0
  var sawAnchor = false
  var isUnreadable = false
  /// Lines that are equal to the tail's first, and the place of the last of them.
  var headMatches = 0
  var headRow = 0

  init(skip: Int) { self.skip = skip }
}

extension FollowMachine {
  /// Whether it is known how many lines are behind, and that none before them is missing.
  var canFill: Bool {
    guard start == .first, !cannotFill, !answersAreWhole, !seam.isUnordered else { return false }
    if isByNumber { return true }
    let isExact = delivered == 0 || beganWhole || frontIsChecked
    return isExact && !gapPossible && !repeatPossible
  }

  mutating func fill(_ purpose: Purpose? = nil) -> Command {
    if let purpose { self.purpose = purpose }
    wantsFilling = false
    held = .discard
    filling = Filling(skip: delivered)
    state = .filling
    return .readDownload
  }

  /// Judges a line of the download.
  ///
  /// - Parameters:
  ///   - isAnchor: it is the last line that was delivered; of a follow that has delivered none, the
  ///     first that `/log` had.
  ///   - isHead: it is equal to the tail's first line.
  mutating func judgeDownload(isStamped: Bool, isAnchor: Bool, isHead: Bool) -> Verdict {
    filling.rows += 1
    let isAtAnchor = filling.rows == filling.skip
    filling.sawAnchor = filling.sawAnchor || (isAnchor && (filling.skip == 0 || isAtAnchor))
    guard isStamped, !isAtAnchor || isAnchor else {
      filling.isUnreadable = true
      return .stop
    }
    if isHead {
      filling.headMatches += 1
      filling.headRow = filling.rows
    }
    guard filling.rows > filling.skip else { return .drop }
    // From here on the seam does not know what is behind, also where this download is cut.
    isByNumber = true
    delivered += 1
    fruitless = 0
    return .deliver
  }

  mutating func filled(_ habits: ServerHabits) -> Command {
    noteSuccess()
    guard !filling.isUnreadable, filling.rows >= filling.skip else { return giveUpFilling(habits) }
    isByNumber = true
    isCountOwed = false
    frontIsChecked = true
    seam = Seam()
    if !filling.sawAnchor || (isTailOpen && tailHeadIsLate) { noteGap() }
    if purpose == .final { return end(.finalized) }
    guard isTailOpen else { return look() }
    tailOverlap = filling.headMatches > 0 ? filling.rows - filling.headRow + 1 : nil
    if filling.headMatches > 1 { repeatPossible = true }
    settlings = 0
    return goLive(isWhole: false, isJoined: true)
  }

  /// The download is of no use: the lines stay missing, and that is said.
  mutating func giveUpFilling(_ habits: ServerHabits) -> Command {
    cannotFill = true
    if isByNumber || purpose == .final { noteGap() }
    isByNumber = false
    return purpose == .final ? end(.finalized) : catchUp(habits)
  }

  mutating func fillingFailed(
    _ trouble: Trouble, _ habits: ServerHabits, _ now: Instant
  ) -> Command {
    guard case .passing(let failure) = eased(trouble) else { return giveUpFilling(habits) }
    if purpose == .final { return rest(after: failure, then: .look, now) }
    return rest(after: failure, then: .open, now)
  }

  /// Whether it is still to be told how many lines of the tail came with the download.
  var awaitsOverlap: Bool { isByNumber && tailOverlap == nil }

  /// - Parameter count: lines of the tail that were delivered already, from its first.
  mutating func overlaps(_ count: Int, isAmbiguous: Bool) {
    tailOverlap = count
    if isAmbiguous { repeatPossible = true }
  }

  /// Whether a line of the tail came with the download.
  mutating func takeOverlap() -> Bool {
    guard let left = tailOverlap, left > 0 else { return false }
    tailOverlap = left - 1
    return true
  }
}
