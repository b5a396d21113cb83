import CJSON
import Glibc

/// Reads the texts of JSON: what stands between two quotes.
///
/// Half a surrogate pair, which no text can hold, becomes U+FFFD, as in Go and in browsers.
struct TextScanner {
  typealias Bytes = UnsafePointer<UInt8>

  /// Where a text with escapes is put together.
  private var scratch = GrowingBytes()

  mutating func release() { scratch.release() }

  /// Reads a text from behind its first quote.
  ///
  /// - Returns: what it says, valid until the next call, and where it ends; `nil`: it is cut off, or
  ///   no text.
  @inline(__always)
  mutating func scan(_ start: Bytes, _ end: Bytes) -> (text: UnsafeRawBufferPointer, end: Bytes)? {
    let stop = Self.plainEnd(start, end)
    guard stop.end < end else { return nil }
    guard stop.end.pointee == UInt8(ascii: "\"") else { return unescape(start, end) }
    let length = stop.end - start
    guard stop.isASCII || Self.isUTF8(start, length) else { return nil }
    return (UnsafeRawBufferPointer(start: start, count: length), stop.end + 1)
  }

  /// The first byte from `start` on that is a quote, a backslash or a control character, or `end`; and
  /// whether all bytes before it are known to be ASCII.
  @inline(__always)
  static func plainEnd(_ start: Bytes, _ end: Bytes) -> (end: Bytes, isASCII: Bool) {
    var isASCII = true
    let count = cjson_plain(characters(start), end - start, &isASCII)
    return (start + count, isASCII)
  }

  @inline(__always)
  static func characters(_ bytes: Bytes) -> UnsafePointer<CChar> {
    UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self)
  }

  @inline(never)
  static func isUTF8(_ start: Bytes, _ length: Int) -> Bool {
    cjson_is_utf8(characters(start), length)
  }

  // MARK: Escapes

  @inline(never)
  private mutating func unescape(
    _ start: Bytes, _ end: Bytes
  ) -> (text: UnsafeRawBufferPointer, end: Bytes)? {
    scratch.truncate(to: 0)
    var at = start
    var isASCII = true
    while true {
      let stop = Self.plainEnd(at, end)
      isASCII = isASCII && stop.isASCII
      guard stop.end < end, scratch.append(at, stop.end - at) else { return nil }
      if stop.end.pointee == UInt8(ascii: "\"") {
        // An empty text has an address, too.
        let text = scratch.start.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }
        guard isASCII || Self.isUTF8(text ?? start, scratch.count) else { return nil }
        return (UnsafeRawBufferPointer(start: text ?? start, count: scratch.count), stop.end + 1)
      }
      guard stop.end.pointee == UInt8(ascii: "\\"), let next = escape(stop.end + 1, end) else {
        return nil
      }
      at = next
    }
  }

  @inline(__always)
  private mutating func escape(_ at: Bytes, _ end: Bytes) -> Bytes? {
    guard at < end else { return nil }
    let byte: UInt8
    switch at.pointee {
    case UInt8(ascii: "u"): return unicode(at + 1, end)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte = at.pointee
    case UInt8(ascii: "b"): byte = 0x08
    case UInt8(ascii: "f"): byte = 0x0c
    case UInt8(ascii: "n"): byte = 0x0a
    case UInt8(ascii: "r"): byte = 0x0d
    case UInt8(ascii: "t"): byte = 0x09
    default: return nil
    }
    return scratch.append(byte) ? at + 1 : nil
  }

  /// One of `\uXXXX`, or two that make one character, from behind the `u`.
  private mutating func unicode(_ at: Bytes, _ end: Bytes) -> Bytes? {
    guard let first = Self.hexadecimal(at, end) else { return nil }
    guard first & 0xfc00 == 0xd800 else {
      // The second half of a pair, without the first.
      return append(first & 0xfc00 == 0xdc00 ? 0xfffd : first) ? at + 4 : nil
    }
    // It must be known what follows, to know whether it is half a pair.
    guard end - at >= 6 else { return nil }
    guard at[4] == UInt8(ascii: "\\"), at[5] == UInt8(ascii: "u") else {
      return append(0xfffd) ? at + 4 : nil
    }
    guard let second = Self.hexadecimal(at + 6, end) else { return nil }
    guard second & 0xfc00 == 0xdc00 else { return append(0xfffd) ? at + 4 : nil }
    return append(0x10000 + (first & 0x3ff) << 10 + second & 0x3ff) ? at + 10 : nil
  }

  private static func hexadecimal(_ at: Bytes, _ end: Bytes) -> UInt32? {
    guard end - at >= 4 else { return nil }
    var value: UInt32 = 0
    for place in 0..<4 {
      guard let digit = Self.digit(at[place]) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  @inline(__always)
  static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46: UInt32(byte - 0x41 + 10)
    case 0x61...0x66: UInt32(byte - 0x61 + 10)
    default: nil
    }
  }

  /// Appends a character that is no surrogate.
  private mutating func append(_ scalar: UInt32) -> Bool {
    guard scalar >= 0x80 else { return scratch.append(UInt8(scalar)) }
    if scalar < 0x800 {
      return scratch.append(UInt8(0xc0 | scalar >> 6)) && continued(scalar, 0)
    }
    if scalar < 0x10000 {
      return scratch.append(UInt8(0xe0 | scalar >> 12)) && continued(scalar, 6)
        && continued(scalar, 0)
    }
    return scratch.append(UInt8(0xf0 | scalar >> 18)) && continued(scalar, 12)
      && continued(scalar, 6) && continued(scalar, 0)
  }

  private mutating func continued(_ scalar: UInt32, _ shift: UInt32) -> Bool {
    scratch.append(UInt8(0x80 | scalar >> shift & 0x3f))
  }
}
