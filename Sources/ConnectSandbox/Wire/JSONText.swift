/// Bytes of any kind as the inside of a JSON string: escaped, and what is not UTF-8 replaced by
/// U+FFFD, a mark for each byte that does not fit.
enum JSONText {
  private static let hex = Array("0123456789abcdef".utf8)
  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  static func append(_ text: String, to out: inout [UInt8]) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0), to: &out) }
  }

  static func append(_ bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
    var plainFrom = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 && byte >= 0x20 && byte != 0x22 && byte != 0x5C {
        index += 1
        continue
      }
      let length = byte < 0x80 ? 0 : UTF8Sequence.length(in: bytes, at: index)
      if length > 0 {
        index += length
        continue
      }
      out.append(contentsOf: bytes[plainFrom..<index])
      if byte < 0x80 { appendEscaped(byte, to: &out) } else { out.append(contentsOf: replacement) }
      index += 1
      plainFrom = index
    }
    out.append(contentsOf: bytes[plainFrom...])
  }

  private static func appendEscaped(_ byte: UInt8, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x22, 0x5C: out.append(byte)
    case 0x0A: out.append(UInt8(ascii: "n"))
    case 0x0D: out.append(UInt8(ascii: "r"))
    case 0x09: out.append(UInt8(ascii: "t"))
    default:
      out.append(contentsOf: Array("u00".utf8))
      out.append(hex[Int(byte >> 4)])
      out.append(hex[Int(byte & 15)])
    }
  }
}

/// UTF-8's own rules: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Sequence {
  /// The length of the well-formed sequence of two to four bytes at `index`; 0 where there is none.
  static func length(in bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
    let first = bytes[index]
    let (length, second): (Int, ClosedRange<UInt8>)
    switch first {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
    for place in 2..<max(length, 2) where bytes[index + place] & 0xC0 != 0x80 { return 0 }
    return length
  }
}
