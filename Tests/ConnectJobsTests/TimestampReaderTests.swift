import Testing

@testable import ConnectJobs

/// The quick way must say what the long one says, whatever comes.
@Suite("Times of the common shape")
struct TimestampReaderTests {
  private func agree(_ text: String, _ reader: inout TimestampReader) {
    var copy = text
    let (quick, slow) = copy.withUTF8 { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      return (reader.parse(raw), Timestamp.parse(raw))
    }
    #expect(quick == slow, "\(text)")
  }

  @Test("are read as by the general rules: each fraction's length, each field's limits")
  func limits() {
    var reader = TimestampReader()
    for fraction in [
      "", ".", ".0", ".9", ".12", ".123456", ".12345678", ".123456789", ".1234567891",
    ] {
      for zone in ["Z", "z", "+00:00", "-07:30", ""] {
        agree("2024-02-29T23:59:59\(fraction)\(zone)", &reader)
      }
    }
    for year in ["0001", "1677", "1678", "1970", "2261", "2262", "9999", "2O24"] {
      for day in ["01-01", "02-28", "02-29", "02-30", "04-31", "12-31", "00-10", "13-10", "05-00"] {
        for time in ["00:00:00", "23:59:60", "24:00:00", "12:60:00", "12:00:61", "12-00-00"] {
          agree("\(year)-\(day)T\(time).5Z", &reader)
        }
      }
    }
  }

  @Test("are read as by the general rules where any one character is another")
  func oneOtherCharacter() {
    var reader = TimestampReader()
    for shape in ["2024-11-25T22:26:14.000170781Z", "2024-11-25T22:26:14Z"] {
      for place in 0..<shape.utf8.count {
        for other in UInt8(0x20)..<0x7f {
          var bytes = Array(shape.utf8)
          bytes[place] = other
          agree(String(decoding: bytes, as: UTF8.self), &reader)
        }
      }
    }
  }

  @Test("are read alike whatever date came before")
  func changingDates() {
    var numbers = SeededNumbers(seed: 3)
    var reader = TimestampReader()
    for _ in 0..<20_000 {
      let day = Int.random(in: 10...31, using: &numbers)
      let month = Int.random(in: 10...12, using: &numbers)
      let year = [2023, 2024][Int.random(in: 0...1, using: &numbers)]
      agree("\(year)-\(month)-\(day)T01:02:03.25Z", &reader)
    }
  }
}
