import Testing

@testable import ConnectJobs

@Suite("Times")
struct TimestampTests {
  private func parse(_ text: String) -> Timestamp.Reading {
    Array(text.utf8).withUnsafeBytes { Timestamp.parse($0) }
  }

  @Test("are read with and without a fraction, and keep all nine digits")
  func fractions() {
    #expect(parse("2024-11-25T22:26:14Z") == .nanoseconds(1_732_573_574_000_000_000))
    #expect(parse("2024-12-06T19:09:29.948016766Z") == .nanoseconds(1_733_512_169_948_016_766))
  }
}
