/// How a tail's entries stand in its bytes. Nobody documents it, so the bytes themselves decide.
///
///     undecided  --blank, or a byte order mark-->  undecided
///                --{-->                            documents: one after another, newlines or not
///                --[-->                            array: one that grows
///                --anything else-->                events: Server-Sent Events
enum Framing: Equatable {
  case undecided
  case documents
  case array
  case events(EventStream)

  /// Decides by the answer's content type and its first bytes.
  ///
  /// - Returns: how many bytes belong to no entry.
  mutating func decide(_ bytes: UnsafeRawBufferPointer, contentType: String) -> Int {
    guard self == .undecided else { return 0 }
    if contentType.hasPrefix("text/event-stream") {
      self = .events(EventStream())
      return 0
    }
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case 0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf: continue
      case UInt8(ascii: "{"): self = .documents
      case UInt8(ascii: "["): self = .array
      default: self = .events(EventStream())
      }
      return index
    }
    return bytes.count
  }
}

/// The lines of Server-Sent Events, as bytes arrive: gives the pieces of `data` fields, in order, as
/// parts of what was put in. Other fields and comments are passed over.
///
///     lineStart  --CR or LF-->  lineStart          (LF after CR belongs to it)
///                --"d"-->       name(1)            --:--> ignored (a comment)
///     name(n)    --next of "data"--> name(n+1)     --else--> ignored
///     name(4)    --:-->         value start        --space--> skipped once
///     value      --CR or LF-->  lineStart          (a newline is given: fields join with one)
///     ignored    --CR or LF-->  lineStart
struct EventStream: Equatable {
  private enum State: Equatable {
    case lineStart
    case name(Int)
    case valueStart
    case value
    case ignored
  }

  private var state = State.lineStart
  private static let field: StaticString = "data"

  /// - Parameter give: receives each piece of data.
  mutating func read<Problem: Error>(
    _ bytes: UnsafeRawBufferPointer,
    _ give: (UnsafeRawBufferPointer) throws(Problem) -> Void
  ) throws(Problem) {
    var valueFrom: Int?
    if state == .value { valueFrom = 0 }
    for (index, byte) in bytes.enumerated() {
      let endsLine = byte == 0x0a || byte == 0x0d
      switch state {
      case _ where endsLine:
        // The newline itself is white space to JSON, and ends a document.
        if let from = valueFrom { try give(UnsafeRawBufferPointer(rebasing: bytes[from...index])) }
        valueFrom = nil
        state = .lineStart
      case .lineStart, .name: state = afterName(byte)
      case .valueStart:
        valueFrom = byte == 0x20 ? index + 1 : index
        state = .value
      case .value, .ignored: break
      }
    }
    if let from = valueFrom, from < bytes.count {
      try give(UnsafeRawBufferPointer(rebasing: bytes[from...]))
    }
  }

  private func afterName(_ byte: UInt8) -> State {
    var matched = 0
    if case .name(let count) = state { matched = count }
    if matched == 4 { return byte == UInt8(ascii: ":") ? .valueStart : .ignored }
    return byte == Self.field.utf8Start[matched] ? .name(matched + 1) : .ignored
  }
}
