import Glibc

/// A text in a form that is quickly compared: its first and its last bytes, as two numbers.
///
/// Two texts of up to 16 bytes are equal where these are; of longer ones, the middle is open.
struct ShortText {
  private let head: UInt64
  private let tail: UInt64
  let length: Int

  @inline(__always)
  init(_ bytes: UnsafeRawPointer, _ length: Int) {
    self.length = length
    if length >= 8 {
      head = bytes.loadUnaligned(as: UInt64.self)
      tail = bytes.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
    } else if length >= 4 {
      head = UInt64(bytes.loadUnaligned(as: UInt32.self))
      tail = UInt64(bytes.loadUnaligned(fromByteOffset: length - 4, as: UInt32.self))
    } else {
      var all: UInt64 = 0
      for at in 0..<length {
        all = all << 8 | UInt64(bytes.load(fromByteOffset: at, as: UInt8.self))
      }
      head = all
      tail = 0
    }
  }

  init(_ text: StaticString) {
    self.init(text.utf8Start, text.utf8CodeUnitCount)
  }

  /// Whether both are the same text, as far as this form tells.
  @inline(__always)
  func resembles(_ other: ShortText) -> Bool {
    length == other.length && head == other.head && tail == other.tail
  }

  /// A number that is likely another for another text.
  @inline(__always)
  var mixed: Int {
    let product = (head ^ tail &* 31 ^ UInt64(length)) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: product >> 40)
  }

  /// Whether this form tells all.
  @inline(__always)
  var isWhole: Bool { length <= 16 }
}
