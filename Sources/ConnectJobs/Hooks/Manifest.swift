/// What a plugin's file says: its libraries, its hooks, and its constants.
///
/// The format, with an example, stands in the header.
struct Manifest: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    enum Form: Equatable, Sendable {
      case call(String)
      case batch(String)
    }

    let event: HookEvent
    let form: Form
    /// As it is to be opened; `nil`: the program itself.
    let library: String?
    let failureEnds: Bool
  }

  private(set) var constants: [String: HookConstant] = [:]
  private(set) var entries: [Entry] = []
  private var libraries: [String: String] = [:]
  private var failureEnds = false

  static let version: Int64 = 1
  static let mostBytes = 256 * 1024

  /// - Parameter folder: where the file is; a library's relative path begins there.
  /// - Throws: what is wrong, and where.
  init(_ bytes: [UInt8], in folder: String) throws(JSONProblem) {
    let root = try Members(try JSONValue.read(bytes), "the manifest")
    // First of all: what follows may mean something else in another version.
    guard let version = try root.integer("connectjobs_plugin") else {
      throw JSONProblem(reason: "it has no \"connectjobs_plugin\", which gives its version")
    }
    guard version == Self.version else {
      throw JSONProblem(
        reason: "it is of version \(version), and this library reads version \(Self.version)")
    }
    try root.allow(["connectjobs_plugin", "libraries", "constants", "failure", "hooks"])
    failureEnds = try Self.failure(root) ?? false
    try readLibraries(root, folder)
    try readConstants(root)
    for (index, hook) in try root.array("hooks").enumerated() {
      entries.append(try entry(Members(hook, "hooks[\(index)]")))
    }
    guard !entries.isEmpty else { throw JSONProblem(reason: "it has no hooks") }
  }

  private mutating func readLibraries(
    _ root: Members, _ folder: String
  ) throws(JSONProblem) {
    for (name, value) in try root.members("libraries") {
      guard case .text(let library) = value, !library.isEmpty, !name.isEmpty else {
        throw JSONProblem(reason: "the library \(name.quoted) is no path or name")
      }
      let isPath = library.utf8.contains(UInt8(ascii: "/"))
      libraries[name] = isPath && !library.hasPrefix("/") ? folder + "/" + library : library
    }
  }

  private mutating func readConstants(_ root: Members) throws(JSONProblem) {
    for (name, value) in try root.members("constants") {
      try check(name)
      switch value {
      case .integer(let number): constants[name] = .integer(number)
      case .real(let number): constants[name] = .real(number)
      case .text(let text):
        guard !text.utf8.contains(0) else {
          throw JSONProblem(reason: "the constant \(name.quoted) holds a NUL")
        }
        constants[name] = .text(text)
      default: throw JSONProblem(reason: "the constant \(name.quoted) is no number or text")
      }
    }
  }

  /// A constant's name is a word of C, and means nothing else.
  private func check(_ name: String) throws(JSONProblem) {
    var tokens = SignatureTokens(name)
    guard let (token, _) = try? tokens.next(), token == .word(name) else {
      throw JSONProblem(reason: "\(name.quoted) cannot be a constant's name")
    }
    let isTaken =
      name == "NULL" || name == "context"
      || HookEvent.allCases.contains { $0.fields.contains { $0.name == name } }
    guard !isTaken else {
      throw JSONProblem(reason: "the constant \(name.quoted) has a name that is taken")
    }
  }

  private func entry(_ hook: Members) throws(JSONProblem) -> Entry {
    try hook.allow(["event", "call", "batch", "library", "failure"])
    guard let name = try hook.text("event") else {
      throw JSONProblem(reason: "\(hook.place) has no \"event\"")
    }
    guard let event = HookEvent(name: name) else {
      throw JSONProblem(reason: "\(hook.place) has the event \(name.quoted), which is not known")
    }
    var library: String?
    if let wanted = try hook.text("library") {
      library = libraries[wanted]
      guard library != nil else {
        throw JSONProblem(reason: "\(hook.place) names a library \(wanted.quoted) of no entry")
      }
    }
    let form: Entry.Form
    switch (try hook.text("call"), try hook.text("batch")) {
    case (let call?, nil): form = .call(call)
    case (nil, let batch?): form = .batch(batch)
    default:
      throw JSONProblem(reason: "\(hook.place) has not one of \"call\" and \"batch\"")
    }
    return Entry(
      event: event, form: form, library: library,
      failureEnds: try Self.failure(hook) ?? failureEnds)
  }

  /// Whether a failure ends the call.
  private static func failure(_ members: Members) throws(JSONProblem) -> Bool? {
    switch try members.text("failure") {
    case "end": return true
    case "count": return false
    case nil: return nil
    default:
      throw JSONProblem(reason: "\"failure\" of \(members.place) is not \"count\" or \"end\"")
    }
  }
}

/// The members of an object that is somewhere in a manifest.
private struct Members {
  let place: String
  private let all: [(key: String, value: JSONValue)]

  init(_ value: JSONValue, _ place: String) throws(JSONProblem) {
    guard case .object(let members) = value else {
      throw JSONProblem(reason: "\(place) is no object")
    }
    self.place = place
    all = members
  }

  private subscript(_ key: String) -> JSONValue? { all.first { $0.key == key }?.value }

  /// What is misspelt is not passed over.
  func allow(_ keys: [String]) throws(JSONProblem) {
    for (key, _) in all where !keys.contains(key) {
      throw JSONProblem(reason: "\(place) has a key \(key.quoted), which means nothing")
    }
  }

  func integer(_ key: String) throws(JSONProblem) -> Int64? {
    guard let value = self[key] else { return nil }
    guard case .integer(let number) = value else { throw wrong(key, "a whole number") }
    return number
  }

  func text(_ key: String) throws(JSONProblem) -> String? {
    guard let value = self[key] else { return nil }
    guard case .text(let text) = value else { throw wrong(key, "a text") }
    return text
  }

  func array(_ key: String) throws(JSONProblem) -> [JSONValue] {
    guard let value = self[key] else { return [] }
    guard case .array(let elements) = value else { throw wrong(key, "a list") }
    return elements
  }

  func members(_ key: String) throws(JSONProblem) -> [(key: String, value: JSONValue)] {
    guard let value = self[key] else { return [] }
    guard case .object(let members) = value else { throw wrong(key, "an object") }
    return members
  }

  private func wrong(_ key: String, _ wanted: String) -> JSONProblem {
    JSONProblem(reason: "\(key.quoted) of \(place) is not \(wanted)")
  }
}

extension HookSet {
  /// Binds all hooks of a manifest, or none; their numbers.
  @discardableResult
  package func load(
    manifest path: String, context: UnsafeMutableRawPointer?
  ) throws(Failure) -> [Int64] {
    guard !path.isEmpty else {
      throw Failure(.invalidArgument, "The manifest's path is empty. Give a file.")
    }
    let file = try CheckedFile.open(path, allowWritable: allowWritable)
    guard let bytes = try file.read(most: Manifest.mostBytes) else {
      throw Self.unusable(path, "it is larger than \(Manifest.mostBytes / 1024) KiB")
    }
    let manifest: Manifest
    do throws(JSONProblem) {
      manifest = try Manifest(bytes, in: Self.folder(of: file.path))
    } catch {
      throw Self.unusable(path, error.reason)
    }
    var prepared: [PreparedHook] = []
    for (index, entry) in manifest.entries.enumerated() {
      do throws(Failure) {
        prepared.append(try prepare(entry, manifest, context))
      } catch {
        var said = error
        said.message = "The manifest \(path.quoted), hooks[\(index)]: \(error.message)"
        throw said
      }
    }
    return add(prepared)
  }

  private func prepare(
    _ entry: Manifest.Entry, _ manifest: Manifest, _ context: UnsafeMutableRawPointer?
  ) throws(Failure) -> PreparedHook {
    switch entry.form {
    case .call(let text):
      try prepare(
        entry.event, text, .library(entry.library), context: context,
        failureEnds: entry.failureEnds, constants: manifest.constants)
    case .batch(let name):
      try prepareBatch(
        entry.event, name, .library(entry.library), context: context,
        failureEnds: entry.failureEnds)
    }
  }

  private static func folder(of path: String) -> String {
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[..<$0] } ?? ""
    return folder.isEmpty ? "/." : String(folder)
  }

  private static func unusable(_ path: String, _ why: String) -> Failure {
    Failure(
      .configuration,
      "The manifest \(path.quoted) cannot be used: \(why). The header of connectjobs says what it "
        + "may hold.")
  }
}
