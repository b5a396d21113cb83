/// Reads times of the shape that nearly all have, `2006-01-02T15:04:05.999999999Z` with up to nine
/// digits of a fraction or none, eight characters at a time; the rest is ``Timestamp/parse(_:)``'s,
/// which has all the rules.
struct TimestampReader {
  /// The date that came last, as it was written, and the seconds until it: times that follow each
  /// other are mostly of one day.
  private var yearAndMonth: UInt64 = 0
  private var day: UInt16 = 0
  private var secondsToDate: Int64 = 0

  mutating func parse(_ bytes: UnsafeRawBufferPointer) -> Timestamp.Reading {
    guard bytes.count < Self.longest, let start = bytes.baseAddress else {
      return Timestamp.parse(bytes)
    }
    // A copy that can be read beyond its end.
    let common = withUnsafeTemporaryAllocation(byteCount: Self.longest + 8, alignment: 8) { copy in
      copy.initializeMemory(as: UInt8.self, repeating: 0)
      copy.copyMemory(from: UnsafeRawBufferPointer(start: start, count: bytes.count))
      return copy.baseAddress.flatMap {
        parseCommon(UnsafePointer($0.assumingMemoryBound(to: UInt8.self)))
      }
    }
    guard let common, common.length == bytes.count else { return Timestamp.parse(bytes) }
    return .nanoseconds(common.nanoseconds)
  }

  /// More bytes than the longest of that shape has: so many must be readable.
  static let longest = 32

  /// `nil` where it is not plainly of that shape.
  @inline(__always)
  mutating func parseCommon(
    _ start: UnsafePointer<UInt8>
  ) -> (nanoseconds: Int64, length: Int)? {
    let bytes = UnsafeRawBufferPointer(start: start, count: Self.longest)
    guard isSameDate(bytes) || readDate(bytes),
      let time = Self.pairs(bytes, 8, "00T00:00", separators: 0x0000_ff00_00ff_0000),
      let second = Self.seconds(bytes), let (fraction, length) = Self.fraction(bytes),
      bytes[length] == UInt8(ascii: "Z")
    else { return nil }
    let hour = Self.pair(time, 3)
    let minute = Self.pair(time, 6)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let seconds = secondsToDate &+ hour &* 3_600 &+ minute &* 60 &+ second
    return (seconds &* 1_000_000_000 &+ fraction, length + 1)
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

  /// The nanoseconds in `.999999999`, or in nothing, and how many bytes there are up to their end.
  @inline(__always)
  private static func fraction(
    _ bytes: UnsafeRawBufferPointer
  ) -> (nanoseconds: Int64, length: Int)? {
    guard bytes[19] == UInt8(ascii: ".") else { return (0, 19) }
    let digits = bytes.loadUnaligned(fromByteOffset: 20, as: UInt64.self) ^ 0x3030_3030_3030_3030
    let others = (digits | digits &+ 0x7676_7676_7676_7676) & 0x8080_8080_8080_8080
    guard others != 0 else {
      let ninth = bytes[28] &- 0x30
      return ninth < 10
        ? (eightDigits(digits) &* 10 &+ Int64(ninth), 29) : (eightDigits(digits) &* 10, 28)
    }
    let count = others.trailingZeroBitCount >> 3
    guard count > 0 else { return nil }
    let known = digits & (1 << UInt64(count * 8) &- 1)
    return (eightDigits(known) &* 10, 20 + count)
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
