/// The follows of one tail. A turn costs as much as there is to do, not as many follows as there
/// are: only those are looked at whose transfers have moved, or whose time has come.
final class Roster {
  private(set) var followers: [Follower] = []
  private let bells = BellBoard()
  private var alarms = AlarmQueue()
  /// The instant of each follow's earliest alarm that is set.
  private var alarmAt: [Instant?] = []
  /// Those with a batch to give, the next one first: each job in turn.
  private var givers = ArrayQueue<Int>()
  private var isGiver: [Bool] = []
  private var isCounted: [Bool] = []
  private var unfinished = 0
  private var newlyDone: [Int] = []

  /// Every follow has ended, and all that it brought has been taken.
  var isDone: Bool { unfinished == 0 }

  var hasBatch: Bool { !givers.isEmpty }

  /// Something has come that nobody has looked at.
  var isAwake: Bool { !bells.rung.isEmpty }

  /// When `advance` is due although nothing has come; `nil`: not.
  var nextDue: Instant? { alarms.first }

  /// Rows that have come since the last `advance`.
  var arrivedRows: Int { bells.rung.reduce(0) { $0 + followers[$1].arrivedRows } }

  func add(_ follower: Follower) {
    let bell = Bell(followers.count, bells)
    follower.bell = bell
    followers.append(follower)
    alarmAt.append(nil)
    isGiver.append(false)
    isCounted.append(false)
    unfinished += 1
    bell.ring()
  }

  /// Lets each follow that has something to do take its steps.
  func advance(
    _ session: Session, _ reactor: Reactor, _ habits: HabitsBox, _ now: Instant
  ) throws(Failure) {
    while let place = alarms.pop(until: now) {
      alarmAt[place] = nil
      followers[place].bell?.ring()
    }
    // Those that are rung meanwhile have their turn next time.
    for place in bells.takeRung() {
      let follower = followers[place]
      if follower.end == nil { try follower.advance(session, reactor, habits) }
      setAlarm(place)
      note(place)
    }
  }

  func takeBatch() -> (Table, Follower)? {
    while let place = givers.popFirst() {
      isGiver[place] = false
      let batch = followers[place].takeBatch()
      setAlarm(place)
      note(place)
      if let batch { return (batch, followers[place]) }
    }
    return nil
  }

  /// Those that are done since this was last asked.
  func takeDone() -> [Follower] {
    defer { newlyDone = [] }
    return newlyDone.map { followers[$0] }
  }

  func cancelAll() {
    for follower in followers { follower.cancel() }
  }

  private func setAlarm(_ place: Int) {
    guard let due = followers[place].nextDue else { return }
    // A later one is set when the earlier has rung.
    if let set = alarmAt[place], set <= due { return }
    alarmAt[place] = due
    alarms.add(due, place)
  }

  private func note(_ place: Int) {
    if followers[place].hasBatch, !isGiver[place] {
      isGiver[place] = true
      givers.append(place)
    }
    if followers[place].isDone, !isCounted[place] {
      isCounted[place] = true
      unfinished -= 1
      newlyDone.append(place)
    }
  }
}

/// Notes which follows have something to look at.
final class BellBoard {
  fileprivate(set) var rung: [Int] = []
  fileprivate var isRung: [Bool] = []

  fileprivate func takeRung() -> [Int] {
    defer { rung = [] }
    for place in rung { isRung[place] = false }
    return rung
  }
}

/// Rung by a follow's transfers when they move.
final class Bell {
  private let place: Int
  private let board: BellBoard

  fileprivate init(_ place: Int, _ board: BellBoard) {
    self.place = place
    self.board = board
    board.isRung.append(false)
  }

  @inline(__always)
  func ring() {
    guard !board.isRung[place] else { return }
    board.isRung[place] = true
    board.rung.append(place)
  }
}

/// Instants and whom they are for, the earliest first: a binary heap.
struct AlarmQueue {
  private var heap: [(at: Instant, place: Int)] = []

  var first: Instant? { heap.first?.at }

  mutating func add(_ at: Instant, _ place: Int) {
    heap.append((at, place))
    var child = heap.count - 1
    while child > 0, heap[child].at < heap[(child - 1) / 2].at {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the first one off, where its instant has come.
  mutating func pop(until now: Instant) -> Int? {
    guard let first = heap.first, first.at <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].at < heap[least].at { least = child }
      guard least != parent else { break }
      heap.swapAt(parent, least)
      parent = least
    }
    return first.place
  }
}

/// First in, first out.
struct ArrayQueue<Element> {
  private var elements: [Element] = []
  private var taken = 0

  var isEmpty: Bool { taken == elements.count }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard taken < elements.count else { return nil }
    defer {
      taken += 1
      if taken > 64, taken * 2 > elements.count {
        elements.removeFirst(taken)
        taken = 0
      }
    }
    return elements[taken]
  }
}
