import Glibc

/// The wall clock and its spellings.
enum Clock {
  /// Nanoseconds since 1970, UTC.
  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// Writes times as a log needs them, millions in a row: what precedes the fraction of a second is
/// worked out once a second.
struct TimeWriter {
  enum Style {
    /// `2024-12-06T19:09:29.948016766Z`; as Connect's language writes it, zeros at the end left out.
    case rfc3339
    /// `2024/12/06 19:09:29.948016766`; always nine digits.
    case logFile
  }

  let style: Style
  private var second: Int64 = .min
  private var prefix: [UInt8] = []

  init(_ style: Style) { self.style = style }

  static func rfc3339(_ time: Int64) -> String {
    var writer = TimeWriter(.rfc3339)
    var bytes: [UInt8] = []
    writer.append(time, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  mutating func append(_ time: Int64, to bytes: inout [UInt8]) {
    let (seconds, nanoseconds) = Self.floorDivide(time, 1_000_000_000)
    if seconds != second {
      second = seconds
      prefix = Self.prefix(of: seconds, style)
    }
    bytes.append(contentsOf: prefix)
    appendFraction(nanoseconds, to: &bytes)
    if style == .rfc3339 { bytes.append(UInt8(ascii: "Z")) }
  }

  private func appendFraction(_ nanoseconds: Int64, to bytes: inout [UInt8]) {
    guard nanoseconds != 0 || style == .logFile else { return }
    var digits = 9
    var value = nanoseconds
    while style == .rfc3339 && value % 10 == 0 {
      value /= 10
      digits -= 1
    }
    bytes.append(UInt8(ascii: "."))
    let end = bytes.count + digits
    bytes.append(contentsOf: repeatElement(0, count: digits))
    for place in 1...digits {
      bytes[end - place] = UInt8(ascii: "0") + UInt8(value % 10)
      value /= 10
    }
  }

  private static func prefix(of seconds: Int64, _ style: Style) -> [UInt8] {
    let (days, rest) = floorDivide(seconds, 86_400)
    let (year, month, day) = civil(daysSince1970: days)
    let (dateMark, between) = style == .rfc3339 ? ("-", "T") : ("/", " ")
    let date = [pad(year, 4), pad(month, 2), pad(day, 2)].joined(separator: dateMark)
    let time = [rest / 3600, rest / 60 % 60, rest % 60].map { pad($0, 2) }.joined(separator: ":")
    return Array((date + between + time).utf8)
  }

  /// The Gregorian date of a day, counted in eras of 400 years that begin on 1 March, so that the
  /// leap day is the last day of its year.
  private static func civil(daysSince1970 days: Int64) -> (Int64, Int64, Int64) {
    let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
    let leapDays = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leapDays) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }

  private static func floorDivide(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
    let rest = ((value % by) + by) % by
    return ((value - rest) / by, rest)
  }

  private static func pad(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
