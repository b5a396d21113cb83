/// What a hook can be bound to. Each event is a row of a table with its own columns; a call takes
/// fields of that row.
package enum HookEvent: Int32, Sendable, CaseIterable {
  case entry = 1
  case jobSeen = 2
  case jobEnded = 3
  case killOrdered = 4

  /// The name in a manifest and in the statistics.
  package var name: String {
    switch self {
    case .entry: "entry"
    case .jobSeen: "job_seen"
    case .jobEnded: "job_ended"
    case .killOrdered: "kill_ordered"
    }
  }

  package init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// Only an entry can be dropped or rewritten; the others have happened.
  var isDecided: Bool { self == .entry }

  /// The columns of its table.
  var schema: [Field] {
    switch self {
    case .entry: Self.names + Schemas.entry
    case .jobSeen, .jobEnded: Self.job
    case .killOrdered: Self.kill
    }
  }

  private static let names = [Field("content_guid", .dictionary), Field("job_key", .dictionary)]

  private static let job =
    names + [
      Field("status", .int32), Field("exit_code", .int32), Field("tag", .dictionary),
      Field("start_time", .timestamp), Field("end_time", .timestamp),
      Field("queued_time", .timestamp), Field("bundle_id", .text), Field("hostname", .dictionary),
      Field("run_as", .dictionary),
    ]

  private static let kill =
    names + [
      Field("result", .text), Field("code", .int64), Field("error", .text),
      Field("error_status", .int32), Field("order_guid", .text),
    ]

  /// What a call may take of it.
  var fields: [HookField] { schema.flatMap(HookField.of) }
}

/// A value of an event that a call can take.
struct HookField: Sendable, Equatable {
  enum Reading: Sendable {
    case text
    /// How many bytes a text has.
    case length
    case number
  }

  let name: String
  let column: String
  let reading: Reading
  /// The type where the signature names none.
  let type: CType

  /// What a column offers.
  static func of(_ column: Field) -> [HookField] {
    let name = column.name.description
    switch column.kind {
    case .text, .dictionary:
      return [
        HookField(name: name, column: name, reading: .text, type: .text),
        HookField(name: name + "_len", column: name, reading: .length, type: .size),
      ]
    case .timestamp:
      return [HookField(name: name + "_ns", column: name, reading: .number, type: .int64)]
    case .int64: return [HookField(name: name, column: name, reading: .number, type: .int64)]
    case .int32, .bool:
      return [HookField(name: name, column: name, reading: .number, type: .int32)]
    }
  }

  /// What stands for a number that is not known.
  static func absent(_ kind: ColumnKind) -> Int64 {
    kind == .int32 ? Int64(Int32.min) : Int64.min
  }
}
