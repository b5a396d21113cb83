/// What the sandbox answers with. Written by hand rather than encoded, because Connect sends a
/// field that has no value as null, and its keys in an order that a person can read.
enum JSON: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  case null
  case bool(Bool)
  case int(Int)
  case string(String)
  case array([JSON])
  case object([(String, JSON)])

  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .int(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(nilLiteral: ()) { self = .null }
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements) }

  init(_ value: String?) { self = value.map(JSON.string) ?? .null }
  init(_ value: Int?) { self = value.map(JSON.int) ?? .null }
  /// A time, as RFC 3339.
  init(time: Int64?) { self = time.map { .string(TimeWriter.rfc3339($0)) } ?? .null }

  var bytes: [UInt8] {
    var out: [UInt8] = []
    append(to: &out)
    return out
  }

  func append(to out: inout [UInt8]) {
    switch self {
    case .null: out.append(contentsOf: "null".utf8)
    case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
    case .int(let value): out.append(contentsOf: String(value).utf8)
    case .string(let value): Self.append(quoted: value, to: &out)
    case .array(let values):
      Self.appendList(values, "[", "]", to: &out) { $0.append(to: &$1) }
    case .object(let fields):
      Self.appendList(fields, "{", "}", to: &out) { field, out in
        Self.append(quoted: field.0, to: &out)
        out.append(UInt8(ascii: ":"))
        field.1.append(to: &out)
      }
    }
  }

  private static func append(quoted text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    JSONText.append(text, to: &out)
    out.append(UInt8(ascii: "\""))
  }

  private static func appendList<Element>(
    _ list: [Element], _ open: String, _ close: String, to out: inout [UInt8],
    each: (Element, inout [UInt8]) -> Void
  ) {
    out.append(contentsOf: open.utf8)
    for (index, element) in list.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      each(element, &out)
    }
    out.append(contentsOf: close.utf8)
  }
}
