/// Reads times of the shape that nearly all have, `2006-01-02T15:04:05.999999999Z` with up to nine
/// digits of a fraction or none, eight characters at a time; the rest is ``Timestamp/parse(_:)``'s,
/// which has all the rules.
struct TimestampReader {
  /// The date that came last, as it was written, and the seconds until it: times that follow each
  /// other are mostly of one day.
  private var yearAndMonth: UInt64 = 0
  private var day: UInt16 = 0
  private var secondsToDate: Int64 = 0

  @inline(__always)
  mutating func parse(_ bytes: UnsafeRawBufferPointer) -> Timestamp.Reading {
    guard let common = parseCommon(bytes) else { return Timestamp.parse(bytes) }
    return .nanoseconds(common)
  }

  /// `nil` where it is not plainly of that shape.
  @inline(__always)
  private mutating func parseCommon(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    guard bytes.count >= 20, bytes.count <= 30, bytes[bytes.count - 1] == UInt8(ascii: "Z"),
      isSameDate(bytes) || readDate(bytes),
      let time = Self.pairs(bytes, 8, "00T00:00", separators: 0x0000_ff00_00ff_0000),
      let second = Self.seconds(bytes), let fraction = Self.fraction(bytes)
    else { return nil }
    let hour = Self.pair(time, 3)
    let minute = Self.pair(time, 6)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    return (secondsToDate + hour * 3_600 + minute * 60 + second) * 1_000_000_000 + fraction
  }

  @inline(__always)
  private func isSameDate(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.loadUnaligned(as: UInt64.self) == yearAndMonth
      && bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self) == day
  }

  /// Keeps the date; false where it is none, or too far away for nanoseconds.
  private mutating func readDate(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let date = Self.pairs(bytes, 0, "0000-00-", separators: 0xff00_00ff_0000_0000),
      let dayAndHour = Self.pairs(bytes, 8, "00T00:00", separators: 0x0000_ff00_00ff_0000)
    else { return false }
    let (year, month) = (Self.pair(date, 0) * 100 + Self.pair(date, 2), Self.pair(date, 5))
    let dayOfMonth = Self.pair(dayAndHour, 0)
    guard (1_678...2_261).contains(year), (1...12).contains(month), dayOfMonth >= 1,
      dayOfMonth <= Timestamp.daysIn(month, year)
    else { return false }
    yearAndMonth = bytes.loadUnaligned(as: UInt64.self)
    day = bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
    secondsToDate = Timestamp.daysBefore(year, month, dayOfMonth) * 86_400
    return true
  }

  /// Eight characters of a pattern, in which 0 stands for any digit: byte i of the result is the
  /// number of digits i and i + 1.
  @inline(__always)
  private static func pairs(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ pattern: StaticString, separators: UInt64
  ) -> UInt64? {
    let form = UnsafeRawPointer(pattern.utf8Start).loadUnaligned(as: UInt64.self)
    let digits = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self) ^ form
    guard digits & separators == 0, areDigits(digits) else { return nil }
    return digits &* 10 &+ digits >> 8
  }

  @inline(__always)
  private static func pair(_ pairs: UInt64, _ place: UInt64) -> Int64 {
    Int64(truncatingIfNeeded: pairs >> (place * 8) & 0xff)
  }

  /// Whether each byte is 0 to 9.
  @inline(__always)
  private static func areDigits(_ digits: UInt64) -> Bool {
    (digits | digits &+ 0x7676_7676_7676_7676) & 0x8080_8080_8080_8080 == 0
  }

  @inline(__always)
  private static func seconds(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    let tens = bytes[17] &- 0x30
    let ones = bytes[18] &- 0x30
    guard bytes[16] == UInt8(ascii: ":"), tens < 10, ones < 10 else { return nil }
    return Int64(tens) * 10 + Int64(ones)
  }

  /// The nanoseconds in `.999999999`, or in nothing.
  @inline(__always)
  private static func fraction(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    let count = bytes.count - 21
    guard count > 0 else { return bytes.count == 20 ? 0 : nil }
    guard bytes[19] == UInt8(ascii: ".") else { return nil }
    // The eight characters before the Z; those of them that are no part of it are shifted out.
    let last = bytes.loadUnaligned(fromByteOffset: bytes.count - 9, as: UInt64.self)
    let digits = (last ^ 0x3030_3030_3030_3030) >> (UInt64(max(0, 8 - count)) * 8)
    guard areDigits(digits) else { return nil }
    guard count == 9 else { return eightDigits(digits) * 10 }
    let first = bytes[20] &- 0x30
    return first < 10 ? Int64(first) * 100_000_000 + eightDigits(digits) : nil
  }

  /// The number that eight bytes of 0 to 9 make: pairs, then fours, then all.
  @inline(__always)
  private static func eightDigits(_ digits: UInt64) -> Int64 {
    let pairs = digits &* 10 &+ digits >> 8
    let first = (pairs & 0x0000_00ff_0000_00ff) &* (100 + 1_000_000 << 32)
    let second = (pairs >> 16 & 0x0000_00ff_0000_00ff) &* (1 + 10_000 << 32)
    return Int64(truncatingIfNeeded: (first &+ second) >> 32)
  }
}
