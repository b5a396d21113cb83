/// Replaces each half of a surrogate pair in JSON by `\ufffd` before the parser sees it: the parser
/// refuses a whole document for one, and a log is not to be lost for half a character.
///
/// Bytes come in pieces, cut anywhere. What may become part of an escape is kept until that is known:
///
///     plain       \                              -> escape
///     escape      u                              -> digits;   else passed on  -> plain
///     digits      four, no surrogate             -> passed on -> plain
///                 four, a second half            -> mended    -> plain
///                 four, a first half             -> half
///                 something else                 -> passed on -> plain
///     half        \ u and four of a second half  -> passed on -> plain
///                 \ u and four of a first half   -> the one before is mended -> half
///                 something else                 -> mended, and that passed on -> plain
///
/// A backslash stands in texts only, so texts need not be told from the rest.
struct SurrogateMender {
  /// An escape that is not complete: `\`, `\u`, up to `\uXXXX`.
  private var escape: [UInt8] = []
  /// The first half that stands before it, complete: `\uXXXX`, or nothing.
  private var half: [UInt8] = []
  private var mended: [UInt8] = []

  /// Whether nothing is kept back.
  var isPlain: Bool { escape.isEmpty && half.isEmpty }

  /// The next bytes, mended; `nil`: they are as they should be.
  mutating func mend(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    guard !isPlain || bytes.place(of: UInt8(ascii: "\\")) != nil else { return nil }
    mended.removeAll(keepingCapacity: true)
    mended.reserveCapacity(bytes.count + 12)
    for byte in bytes { take(byte) }
    return mended
  }

  /// What was kept back, as it is: nothing follows.
  mutating func end() -> [UInt8] {
    defer { self = SurrogateMender() }
    return half + escape
  }

  private mutating func take(_ byte: UInt8) {
    switch escape.count {
    case 0:
      if byte == UInt8(ascii: "\\") {
        escape.append(byte)
      } else {
        mendHalf()
        mended.append(byte)
      }
    case 1 where byte == UInt8(ascii: "u"): escape.append(byte)
    case 2...5 where TextScanner.digit(byte) != nil:
      escape.append(byte)
      if escape.count == 6 { judge() }
    default:
      mendHalf()
      mended += escape
      mended.append(byte)
      escape = []
    }
  }

  /// The escape is complete.
  private mutating func judge() {
    let value = escape[2...].reduce(0) { $0 << 4 | (TextScanner.digit($1) ?? 0) }
    switch value & 0xfc00 {
    case 0xd800:
      mendHalf()
      half = escape
    case 0xdc00 where !half.isEmpty:
      mended += half + escape
      half = []
    case 0xdc00: mended += Self.replacement
    default:
      mendHalf()
      mended += escape
    }
    escape = []
  }

  private mutating func mendHalf() {
    guard !half.isEmpty else { return }
    mended += Self.replacement
    half = []
  }

  private static let replacement = Array(#"\ufffd"#.utf8)
}
