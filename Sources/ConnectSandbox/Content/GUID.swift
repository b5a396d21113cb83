/// Identifiers of content items.
enum GUID {
  /// 8-4-4-4-12 hexadecimal digits.
  static func isValid(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy(isHex) }
  }

  /// The same for the same name, on any machine and in any run, so that a script may write it down.
  /// A version 8 UUID: its bits are a hash of our own choice, not meant to be secret.
  static func derived(from name: String) -> String {
    var bytes = hash(name, seed: 0) + hash(name, seed: 1)
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = bytes.map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16]
      .map { digits[$0].joined() }.joined(separator: "-")
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      return true
    default: return false
    }
  }

  /// FNV-1a with a last mixing step.
  private static func hash(_ text: String, seed: UInt8) -> [UInt8] {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in [seed] + Array(text.utf8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    value = (value ^ (value >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    value ^= value >> 33
    return (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
