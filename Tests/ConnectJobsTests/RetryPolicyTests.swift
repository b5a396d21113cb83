import Testing

@testable import ConnectJobs

@Suite("Whether a failed request is sent again")
struct RetryPolicyTests {
  private let policy = RetryPolicy(maxRetries: 3)

  @Test(
    "depends on the trouble, and on whether it was a read",
    arguments: [
      (.neverArrived, true, true),
      (.mayHaveArrived, true, false),
      (.rateLimited(after: nil), true, true),
      (.rateLimited(after: 1_000), true, true),
      (.unavailable(after: nil), true, false),
      (.unavailable(after: 1_000), true, false),
      (.lostSession, true, false),
      (.final, false, false),
    ] as [(RetryPolicy.Trouble, Bool, Bool)])
  func table(trouble: RetryPolicy.Trouble, read: Bool, kill: Bool) {
    for attempt in 1...3 {
      #expect((delay(trouble, attempt, isRead: true) != nil) == read)
      #expect((delay(trouble, attempt, isRead: false) != nil) == kill)
    }
  }

  @Test("is no after so many retries, whatever the trouble")
  func budget() {
    for trouble in [
      .neverArrived, .mayHaveArrived, .rateLimited(after: 0), .unavailable(after: 0),
      .lostSession,
    ] as [RetryPolicy.Trouble] {
      #expect(delay(trouble, 4, isRead: true) == nil)
      #expect(
        RetryPolicy(maxRetries: 0).delay(after: trouble, attempt: 1, isRead: true, jitter: 0) == nil
      )
    }
  }

  @Test("doubles its delay, spreads it by the jitter, and has a longest one")
  func backoff() {
    let patient = RetryPolicy(maxRetries: 100)
    func delays(_ jitter: Double) -> [Int64?] {
      (1...8).map {
        patient.delay(after: .neverArrived, attempt: $0, isRead: true, jitter: jitter)
      }
    }
    #expect(delays(0) == [125, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000])
    #expect(delays(1) == [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
    #expect(delays(0.5) == [187, 375, 750, 1_500, 3_000, 6_000, 7_500, 7_500])
    #expect(delays(-3) == delays(0))
    #expect(delays(3) == delays(1))
    #expect(patient.delay(after: .lostSession, attempt: 100, isRead: true, jitter: 1) == 10_000)
  }

  @Test("waits as long as the server asks for, and gives up where that is very long")
  func retryAfter() {
    for wait in [0, 1, 5_000, 60_000] as [Int64] {
      #expect(delay(.rateLimited(after: wait), 1, isRead: true) == wait)
      #expect(delay(.rateLimited(after: wait), 1, isRead: false) == wait)
      #expect(delay(.unavailable(after: wait), 1, isRead: true) == wait)
    }
    #expect(delay(.rateLimited(after: 60_001), 1, isRead: true) == nil)
    #expect(delay(.unavailable(after: 60_001), 1, isRead: true) == nil)
  }

  private func delay(_ trouble: RetryPolicy.Trouble, _ attempt: Int, isRead: Bool) -> Int64? {
    policy.delay(after: trouble, attempt: attempt, isRead: isRead, jitter: 0.5)
  }
}
