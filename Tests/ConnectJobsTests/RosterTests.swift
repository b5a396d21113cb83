import Testing

@testable import ConnectJobs

@Suite("The follows of one tail")
struct RosterTests {
  @Test("have their alarms in the order of time, whatever the order in which they were set")
  func alarms() {
    var random = SplitMix(seed: 7)
    var alarms = AlarmQueue()
    var set: [Int64] = []
    for place in 0..<1_000 {
      let at = Int64(random.next() % 500)
      set.append(at)
      alarms.add(Instant(milliseconds: at), place)
    }
    #expect(alarms.pop(until: Instant(milliseconds: -1)) == nil)
    var rung: [Int64] = []
    while let place = alarms.pop(until: Instant(milliseconds: 400)) { rung.append(set[place]) }
    #expect(rung == set.filter { $0 <= 400 }.sorted())
    #expect(alarms.first == set.filter { $0 > 400 }.min().map(Instant.init(milliseconds:)))
  }

  @Test("give their batches in turn, first come, first served")
  func turns() {
    var queue = ArrayQueue<Int>()
    var next = 0
    for number in 0..<10_000 {
      queue.append(number)
      if number % 3 != 0 {
        #expect(queue.popFirst() == next)
        next += 1
      }
    }
    while let number = queue.popFirst() {
      #expect(number == next)
      next += 1
    }
    #expect(next == 10_000)
  }
}
