import CJSON

/// A small JSON document as a value; for files that people write, not for answers of a server.
indirect enum JSONValue: Equatable, Sendable {
  case object([(key: String, value: JSONValue)])
  case array([JSONValue])
  case text(String)
  case integer(Int64)
  case real(Double)
  case boolean(Bool)
  case null

  static func == (a: JSONValue, b: JSONValue) -> Bool {
    switch (a, b) {
    case (.object(let a), .object(let b)): a.elementsEqual(b) { $0 == $1 }
    case (.array(let a), .array(let b)): a == b
    case (.text(let a), .text(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.real(let a), .real(let b)): a == b
    case (.boolean(let a), .boolean(let b)): a == b
    case (.null, .null): true
    default: false
    }
  }

  /// - Throws: what is wrong, for a message.
  static func read(_ bytes: [UInt8]) throws(JSONProblem) -> JSONValue {
    try JSONTree().read(bytes)
  }
}

struct JSONProblem: Error, Equatable {
  let reason: String
}

/// Builds a document from the parser's events.
private final class JSONTree {
  /// What is open: containers, and in objects the key whose value comes next.
  private var open: [(value: JSONValue, key: String?)] = []
  private var root: JSONValue?
  private var text: [UInt8] = []
  private var problem: JSONProblem?

  private static let mostDepth = 16

  func read(_ bytes: [UInt8]) throws(JSONProblem) -> JSONValue {
    let context = Unmanaged.passUnretained(self).toOpaque()
    guard let parser = cjson_new(takeEvents, context, Self.mostDepth) else {
      throw JSONProblem(reason: "there is not enough memory")
    }
    defer { cjson_free(parser) }
    var status = CJSON_MORE
    var rest = bytes[...]
    repeat {
      var used = 0
      status = rest.withUnsafeBytes { raw in
        let start = raw.baseAddress ?? UnsafeRawPointer(("" as StaticString).utf8Start)
        return cjson_write(
          parser, start.assumingMemoryBound(to: CChar.self), raw.count, CJSON_DOCUMENT_END, &used)
      }
      rest = rest.dropFirst(used)
    } while status == CJSON_MORE && !rest.isEmpty
    if let problem { throw problem }
    guard status == CJSON_DONE, let root else {
      throw JSONProblem(
        reason: status == CJSON_INVALID ? String(cString: cjson_problem(parser)) : "it has no end")
    }
    guard rest.allSatisfy({ $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }) else {
      throw JSONProblem(reason: "something follows its end")
    }
    return root
  }

  fileprivate func take(_ event: cjson_event) -> Bool {
    switch event.kind {
    case .CJSON_OBJECT_BEGIN: open.append((.object([]), nil))
    case .CJSON_ARRAY_BEGIN: open.append((.array([]), nil))
    case .CJSON_OBJECT_END, .CJSON_ARRAY_END:
      guard let done = open.popLast() else { return false }
      return put(done.value)
    case .CJSON_KEY_PART, .CJSON_TEXT_PART: gather(event)
    case .CJSON_KEY:
      gather(event)
      return key(takeText())
    case .CJSON_TEXT:
      gather(event)
      return put(.text(takeText()))
    case .CJSON_INTEGER: return put(.integer(event.integer))
    case .CJSON_REAL: return put(.real(event.real))
    case .CJSON_BOOLEAN: return put(.boolean(event.integer != 0))
    case .CJSON_NULL: return put(.null)
    }
    return true
  }

  private func gather(_ event: cjson_event) {
    text += UnsafeRawBufferPointer(start: event.bytes, count: Int(event.length))
  }

  private func takeText() -> String {
    defer { text = [] }
    return String(decoding: text, as: UTF8.self)
  }

  private func key(_ key: String) -> Bool {
    guard let last = open.indices.last, case .object(let members) = open[last].value else {
      return false
    }
    guard !members.contains(where: { $0.key == key }) else {
      problem = JSONProblem(reason: "the key \(key.quoted) is there twice")
      return false
    }
    open[last].key = key
    return true
  }

  private func put(_ value: JSONValue) -> Bool {
    guard let last = open.indices.last else {
      root = value
      return true
    }
    switch open[last].value {
    case .object(var members):
      guard let key = open[last].key else { return false }
      members.append((key, value))
      open[last] = (.object(members), nil)
    case .array(var elements):
      elements.append(value)
      open[last].value = .array(elements)
    default: return false
    }
    return true
  }
}

private let takeEvents: cjson_receiver = { context, events, count in
  guard let context else { return false }
  let tree = Unmanaged<JSONTree>.fromOpaque(context).takeUnretainedValue()
  return UnsafeBufferPointer(start: events, count: count).allSatisfy { tree.take($0) }
}
