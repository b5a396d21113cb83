import Foundation

/// A content item's `content.json`. Only `command` is needed for a job to run; see README.md.
struct Manifest: Decodable, Sendable {
  var name: String?
  var title: String?
  var description: String?
  var guid: String?
  var appMode: String?
  var command: [String]
  var tag: String?
  var start: Bool?
  var mine: Bool?
  var queueMS: Int?
  var env: [String: String]?

  static let fileName = "content.json"

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case name, title, description, guid, command, tag, start, mine, env
    case appMode = "app_mode"
    case queueMS = "queue_ms"
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decodeIfPresent(String.self, forKey: .name)
    title = try values.decodeIfPresent(String.self, forKey: .title)
    description = try values.decodeIfPresent(String.self, forKey: .description)
    guid = try values.decodeIfPresent(String.self, forKey: .guid)
    appMode = try values.decodeIfPresent(String.self, forKey: .appMode)
    command = try values.decodeIfPresent([String].self, forKey: .command) ?? []
    tag = try values.decodeIfPresent(String.self, forKey: .tag)
    start = try values.decodeIfPresent(Bool.self, forKey: .start)
    mine = try values.decodeIfPresent(Bool.self, forKey: .mine)
    queueMS = try values.decodeIfPresent(Int.self, forKey: .queueMS)
    env = try values.decodeIfPresent([String: String].self, forKey: .env)
  }

  /// Reads a manifest and says, where it is wrong, what is and where.
  static func parse(_ data: Data) throws -> Manifest {
    do {
      try refuseUnknownKeys(data)
      let manifest = try JSONDecoder().decode(Manifest.self, from: data)
      try manifest.check()
      return manifest
    } catch let error as DecodingError {
      throw ManifestError(reason(of: error))
    }
  }

  /// A misspelt key would otherwise be ignored in silence.
  private static func refuseUnknownKeys(_ data: Data) throws {
    let keys = try JSONDecoder().decode([String: Ignored].self, from: data).keys
    let known = CodingKeys.allCases.map(\.rawValue)
    for key in keys.sorted() where !known.contains(key) {
      throw ManifestError("it knows no \"\(key)\"; known are \(known.joined(separator: ", "))")
    }
  }

  private func check() throws {
    if let guid, !GUID.isValid(guid) {
      throw ManifestError("its guid \"\(guid)\" is not of the form 8-4-4-4-12 hexadecimal digits")
    }
    if start == true && command.isEmpty {
      throw ManifestError("it is to be started, but has no command")
    }
    if command.first?.isEmpty == true { throw ManifestError("its command has no name") }
    if let queueMS, queueMS < 0 { throw ManifestError("its queue_ms is negative") }
  }

  private static func reason(of error: DecodingError) -> String {
    switch error {
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      return "its \(key.isEmpty ? "whole" : key) is not of the type \(type)"
    default: return "it is not valid JSON"
    }
  }

  private struct Ignored: Decodable { init(from decoder: any Decoder) {} }
}

struct ManifestError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
