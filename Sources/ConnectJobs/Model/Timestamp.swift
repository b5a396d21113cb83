/// RFC 3339 times, as nanoseconds since 1970-01-01 UTC.
package enum Timestamp {
  package enum Reading: Equatable {
    case nanoseconds(Int64)
    /// An empty text, or an instant that int64 nanoseconds cannot hold (Go's year 1 means "none").
    case absent
    case invalid
  }

  /// Reads `2006-01-02T15:04:05[.fraction](Z|±hh:mm)`; a space or `t` may stand for the `T`. The
  /// tenth and further digits of a fraction are cut off; second 60 is the next minute's first.
  package static func parse(_ bytes: UnsafeRawBufferPointer) -> Reading {
    guard !bytes.isEmpty else { return .absent }
    guard bytes.count >= 20, let year = number(bytes, 0, 4), bytes[4] == minus,
      let month = number(bytes, 5, 2), bytes[7] == minus, let day = number(bytes, 8, 2),
      bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == UInt8(ascii: " "),
      let hour = number(bytes, 11, 2), bytes[13] == colon,
      let minute = number(bytes, 14, 2), bytes[16] == colon, let second = number(bytes, 17, 2)
    else { return .invalid }
    guard (1...12).contains(month), day >= 1, day <= daysIn(month, year), hour < 24, minute < 60,
      second <= 60
    else { return .invalid }
    var at = 19
    guard let fraction = fraction(bytes, &at), let offset = offset(bytes, at) else {
      return .invalid
    }
    let seconds =
      daysBefore(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset
    let (scaled, tooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if tooLarge { return negativeEdge(seconds, fraction) }
    let (sum, overflow) = scaled.addingReportingOverflow(fraction)
    return overflow ? .absent : .nanoseconds(sum)
  }

  private static let minus = UInt8(ascii: "-")
  private static let colon = UInt8(ascii: ":")

  /// The first representable second begins before Int64.min nanoseconds, but its end is inside.
  private static func negativeEdge(_ seconds: Int64, _ fraction: Int64) -> Reading {
    guard seconds < 0, fraction > 0 else { return .absent }
    let (scaled, overflow) = (seconds + 1).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, beyond) = scaled.subtractingReportingOverflow(1_000_000_000 - fraction)
    return overflow || beyond ? .absent : .nanoseconds(sum)
  }

  /// The number in `count` digits; `nil` where one of them is none.
  @inline(__always)
  private static func number(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int64?
  {
    var value: Int64 = 0
    for at in start..<start + count {
      let digit = bytes[at] &- 0x30
      guard digit < 10 else { return nil }
      value = value * 10 + Int64(digit)
    }
    return value
  }

  private static func fraction(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Int64? {
    guard bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: ",") else { return 0 }
    at += 1
    var value: Int64 = 0
    var unit: Int64 = 100_000_000
    let first = at
    while at < bytes.count, bytes[at] &- 0x30 < 10 {
      value += Int64(bytes[at] &- 0x30) * unit
      unit /= 10
      at += 1
    }
    return at > first ? value : nil
  }

  /// Seconds east of UTC.
  private static func offset(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int64? {
    guard at < bytes.count else { return nil }
    if bytes[at] | 0x20 == UInt8(ascii: "z") { return at + 1 == bytes.count ? 0 : nil }
    guard bytes[at] == minus || bytes[at] == UInt8(ascii: "+"), bytes.count == at + 6,
      bytes[at + 3] == colon, let hours = number(bytes, at + 1, 2),
      let minutes = number(bytes, at + 4, 2), hours < 24, minutes < 60
    else { return nil }
    let east = hours * 3_600 + minutes * 60
    return bytes[at] == minus ? -east : east
  }

  static func daysIn(_ month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar; the year is counted from March, so
  /// that the leap day is its last.
  static func daysBefore(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
