import Glibc
import Testing

@testable import ConnectJobs

extension EnvironmentTests {
  @Suite("A call")
  struct CallTests {
    @Test("goes on while nothing ends it, and waits as long as is wanted")
    func undisturbed() throws {
      var call = try Call(CallOptions())
      try call.check(.now)
      #expect(call.longestWait(.now, 5_000) == 5_000)
      #expect(call.longestWait(.now, -5) == 0)
    }

    @Test("ends at its deadline, and waits no longer than until then")
    func deadline() throws {
      var options = CallOptions()
      options.timeout = 10_000
      var call = try Call(options)
      let deadline = try #require(call.deadline)
      try call.check(deadline + -1)
      #expect(call.longestWait(deadline + -100, 5_000) == 100)
      #expect(call.longestWait(deadline + 100, 5_000) == 0)
      #expect(failure { () throws(Failure) in try call.check(deadline) }?.status == .timedOut)
    }

    @Test("may have a deadline beyond all time")
    func noOverflow() throws {
      var options = CallOptions()
      options.timeout = .max
      var call = try Call(options)
      try call.check(.now)
      #expect(call.longestWait(.now, 5_000) == 5_000)
    }

    @Test("ends when its token is signalled, and stays so")
    func token() throws {
      var options = CallOptions()
      let token = try #require(CancelToken())
      options.cancel = token
      var call = try Call(options)
      try call.check(.now)
      token.signal()
      token.signal()
      for _ in 0..<2 {
        #expect(failure { () throws(Failure) in try call.check(.now) }?.status == .cancelled)
      }
      #expect(CancelToken(sharing: token.raw).isSignalled)
    }

    @Test("asks the host's check about every 40 ms, and ends where it says so")
    func interrupt() throws {
      let answers = UnsafeMutablePointer<CInt>.allocate(capacity: 2)
      defer { answers.deallocate() }
      answers.initialize(repeating: 0, count: 2)
      var options = CallOptions()
      options.interrupt = InterruptCheck(
        { data in
          guard let answers = data?.assumingMemoryBound(to: CInt.self) else { return 1 }
          answers[1] += 1
          return answers[0]
        }, data: answers)
      var call = try Call(options)
      let start = Instant.now
      #expect(call.longestWait(start, 5_000) <= 40)
      for step in 1...100 { try call.check(start + Int64(step) * 10) }
      #expect((20...25).contains(answers[1]))
      answers[0] = 1
      #expect(failure { () throws(Failure) in try call.check(start + 2_000) }?.status == .cancelled)
    }

    @Test("is limited as it asks, as its client does, or not at all")
    func maxResponseBytes() throws {
      var options = CallOptions()
      #expect(try Call(options).maxResponseBytes == 2_147_483_648)
      options.maxResponseBytes = 7
      #expect(try Call(options).maxResponseBytes == 7)
      options.maxResponseBytes = -1
      #expect(try Call(options).maxResponseBytes == nil)
      var stream = try Call(CallOptions())
      stream.limitsOnly(0)
      #expect(stream.maxResponseBytes == nil)
      stream.limitsOnly(9)
      #expect(stream.maxResponseBytes == 9)
    }
  }
}

@Suite("Looking again and again")
struct PollingPaceTests {
  @Test("becomes slower, up to every two seconds")
  func pace() {
    var pace = PollingPace()
    let delays = (0..<12).map { _ in pace.next() }
    #expect(delays.prefix(4) == [100, 150, 225, 337])
    #expect(zip(delays, delays.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(delays.suffix(2) == [2_000, 2_000])
  }
}

extension Call {
  fileprivate init(_ options: CallOptions) throws {
    self.init("job_get", options, of: try Configuration(.valid))
  }
}
