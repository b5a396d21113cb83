import Testing

@testable import ConnectJobs

@Suite("Times")
struct TimestampTests {
  @Test("are read with and without a fraction, and keep all nine digits")
  func fractions() {
    #expect(parse("2024-11-25T22:26:14Z") == .nanoseconds(1_732_573_574_000_000_000))
    #expect(parse("2024-12-06T19:09:29.948016766Z") == .nanoseconds(1_733_512_169_948_016_766))
  }

  @Test(
    "take a fraction of any length, and cut it after nine digits",
    arguments: [
      ("", 0), (".0", 0), (".5", 500_000_000), (".05", 50_000_000), (".123", 123_000_000),
      (".1234", 123_400_000), (".12345", 123_450_000), (".123456", 123_456_000),
      (".1234567", 123_456_700), (".12345678", 123_456_780), (".123456789", 123_456_789),
      (".1234567899", 123_456_789), (".9999999999999", 999_999_999), (",25", 250_000_000),
    ] as [(String, Int64)])
  func digits(fraction: String, nanoseconds: Int64) {
    #expect(parse("1970-01-01T00:00:00\(fraction)Z") == .nanoseconds(nanoseconds))
  }

  @Test(
    "with an offset are the instant in UTC",
    arguments: [
      ("2006-01-02T15:04:05-07:00", "2006-01-02T22:04:05Z"),
      ("2006-01-02T15:04:05+05:45", "2006-01-02T09:19:05Z"),
      ("2024-01-01T00:30:00+01:00", "2023-12-31T23:30:00Z"),
      ("2023-12-31T23:59:59.999999999-23:59", "2024-01-01T23:58:59.999999999Z"),
      ("2024-03-01T00:00:00+00:01", "2024-02-29T23:59:00Z"),
      ("2024-11-25T22:26:14-00:00", "2024-11-25T22:26:14Z"),
      ("2024-11-25T22:26:14.5+00:00", "2024-11-25T22:26:14.5Z"),
    ])
  func offsets(local: String, utc: String) {
    #expect(parse(local) == parse(utc))
    #expect(parse(utc).isInstant)
  }

  @Test("may have small letters, or a space, where RFC 3339 allows them")
  func separators() {
    let expected = Timestamp.Reading.nanoseconds(1_732_573_574_000_000_000)
    #expect(parse("2024-11-25t22:26:14z") == expected)
    #expect(parse("2024-11-25 22:26:14Z") == expected)
  }

  @Test("in a leap second are the first of the next minute")
  func leapSecond() {
    #expect(parse("2016-12-31T23:59:60Z") == parse("2017-01-01T00:00:00Z"))
    #expect(parse("2016-12-31T23:59:60.25Z") == parse("2017-01-01T00:00:00.25Z"))
    #expect(parse("2017-01-01T00:59:60+01:00") == parse("2017-01-01T00:00:00Z"))
  }

  @Test(
    "that mean no time, or that no int64 of nanoseconds holds, are absent",
    arguments: [
      "", "0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00.000000001+14:00",
      "1600-02-29T12:00:00Z", "1677-09-21T00:12:43Z", "2262-04-12T00:00:00Z",
      "9999-12-31T23:59:59.999999999Z",
    ])
  func absent(text: String) {
    #expect(parse(text) == .absent)
  }

  @Test("reach to the last nanosecond that int64 holds, and not beyond")
  func edges() {
    #expect(parse("1677-09-21T00:12:43.145224192Z") == .nanoseconds(.min))
    #expect(parse("1677-09-21T00:12:43.145224193Z") == .nanoseconds(.min + 1))
    #expect(parse("1677-09-21T00:12:43.145224191Z") == .absent)
    #expect(parse("1677-09-21T00:12:43.999999999Z") == .nanoseconds(-9_223_372_036_000_000_001))
    #expect(parse("1677-09-21T00:12:44Z") == .nanoseconds(-9_223_372_036_000_000_000))
    #expect(parse("2262-04-11T23:47:16.854775807Z") == .nanoseconds(.max))
    #expect(parse("2262-04-11T23:47:16.854775806Z") == .nanoseconds(.max - 1))
    #expect(parse("2262-04-11T23:47:16.854775808Z") == .absent)
    #expect(parse("2262-04-12T01:47:16.854775807+02:00") == .nanoseconds(.max))
    #expect(parse("1677-09-20T22:12:43.145224192-02:00") == .nanoseconds(.min))
    #expect(parse("1969-12-31T23:59:59.999999999Z") == .nanoseconds(-1))
  }

  @Test(
    "have leap days by the Gregorian rule",
    arguments: [(1900, false), (2000, true), (2023, false), (2024, true), (2100, false)])
  func leapDays(year: Int, isLeap: Bool) {
    #expect(parse("\(year)-02-29T00:00:00Z").isInstant == isLeap)
    #expect(parse("\(year)-02-28T00:00:00Z").isInstant)
  }

  @Test(
    "in other forms are invalid",
    arguments: [
      "x", "2024", "2024-11-25", "2024-11-25T22:26:14", "2024-11-25T22:26Z", "20241125T222614Z",
      "2024-11-25T22:26:14.Z", "2024-11-25T22:26:14.5", "2024-11-25T22:26:14.5x",
      "2024-11-25T22:26:14ZZ", "2024-11-25T22:26:14Z ", " 2024-11-25T22:26:14Z",
      "2024-11-25T22:26:14+0100", "2024-11-25T22:26:14+01", "2024-11-25T22:26:14+01:0",
      "2024-11-25T22:26:14+24:00", "2024-11-25T22:26:14+01:60", "2024-11-25T22:26:14*01:00",
      "2024-11-25T22:26:14+01-00", "2024-11-25T22:26:14+01:00Z", "2024-11-25T22:26:14.5.5Z",
      "2024-00-25T22:26:14Z", "2024-13-25T22:26:14Z", "2024-11-00T22:26:14Z",
      "2024-11-31T22:26:14Z", "2024-02-30T22:26:14Z", "2023-02-29T22:26:14Z",
      "2024-11-25T24:00:00Z", "2024-11-25T22:60:14Z", "2024-11-25T22:26:61Z",
      "2024/11/25T22:26:14Z", "2024-11-25T22.26.14Z", "2024-11-25_22:26:14Z",
      "-024-11-25T22:26:14Z", "+2024-11-25T22:26:1Z", "2024-1a-25T22:26:14Z",
      "2024-11-25T22:26:1４Z", "1732573574", "Mon, 25 Nov 2024 22:26:14 GMT",
      "2024-11-25T22:26:14\0Z",
    ])
  func invalid(text: String) {
    #expect(parse(text) == .invalid)
  }

  @Test("cut off anywhere are invalid, and nothing is read beyond their end")
  func prefixes() {
    let whole = Array("2024-12-06T19:09:29.948016766+01:00".utf8)
    for length in 1..<whole.count {
      #expect(parse(Array(whole[..<length])) == .invalid, "\(length) bytes")
    }
  }

  @Test("are what another calendar computes, for many random instants, offsets and precisions")
  func random() {
    var numbers = SeededNumbers()
    for _ in 0..<20_000 {
      let wanted = Int64.random(
        in: .min + 86_400_000_000_000 ... .max - 86_400_000_000_000, using: &numbers)
      let rendering = CivilTime(wanted).rendered(&numbers)
      #expect(
        parse(rendering.text) == .nanoseconds(rendering.instant),
        "seed \(numbers.seed): \(rendering.text)")
    }
  }
}

private func parse(_ text: String) -> Timestamp.Reading { parse(Array(text.utf8)) }

private func parse(_ bytes: [UInt8]) -> Timestamp.Reading {
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
  defer { copy.deallocate() }
  copy.copyBytes(from: bytes)
  return Timestamp.parse(UnsafeRawBufferPointer(copy))
}

extension Timestamp.Reading {
  fileprivate var isInstant: Bool {
    if case .nanoseconds = self { true } else { false }
  }
}

/// A date and time, found by walking the calendar year by year: slow, and plainly right.
private struct CivilTime {
  let instant: Int64

  init(_ nanoseconds: Int64) { instant = nanoseconds }

  /// The instant as text with a random offset and so many digits; the digits may cut it.
  func rendered(_ numbers: inout SeededNumbers) -> (text: String, instant: Int64) {
    let digits = Int.random(in: 0...12, using: &numbers)
    let nanoseconds = instant - instant.floored(to: 1_000_000_000)
    let padded = String("\(1_000_000_000 + nanoseconds)".dropFirst())
    let shown = padded.prefix(digits)
    let kept = (Int64(shown) ?? 0) * (0..<9 - shown.count).reduce(1) { value, _ in value * 10 }
    let beyond = (0..<max(0, digits - 9)).map { _ in
      String(Int.random(in: 0...9, using: &numbers))
    }
    let fraction = digits == 0 ? "" : "." + shown + beyond.joined()
    let offset = numbers.bool() ? 0 : Int64.random(in: -1_439...1_439, using: &numbers)
    let zone =
      offset == 0 && numbers.bool()
      ? "Z" : "\(offset < 0 ? "-" : "+")\(two(abs(offset) / 60)):\(two(abs(offset) % 60))"
    let seconds = instant.floored(to: 1_000_000_000) / 1_000_000_000
    return (
      local(seconds + offset * 60) + fraction + zone, seconds * 1_000_000_000 + kept
    )
  }

  private func local(_ seconds: Int64) -> String {
    var days = seconds.floored(to: 86_400) / 86_400
    let ofDay = seconds - days * 86_400
    var year: Int64 = 1970
    while days < 0 {
      year -= 1
      days += Self.daysIn(year)
    }
    while days >= Self.daysIn(year) {
      days -= Self.daysIn(year)
      year += 1
    }
    let lengths: [Int64] = [
      31, Self.daysIn(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
    ]
    var month = 0
    while days >= lengths[month] {
      days -= lengths[month]
      month += 1
    }
    return "\(year)-\(two(Int64(month + 1)))-\(two(days + 1))"
      + "T\(two(ofDay / 3_600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60))"
  }

  private static func daysIn(_ year: Int64) -> Int64 {
    if year % 400 == 0 { return 366 }
    if year % 100 == 0 { return 365 }
    return year % 4 == 0 ? 366 : 365
  }

  private func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Int64 {
  /// The multiple of a unit at or below.
  fileprivate func floored(to unit: Int64) -> Int64 {
    let rest = self % unit
    return self - (rest < 0 ? rest + unit : rest)
  }
}
