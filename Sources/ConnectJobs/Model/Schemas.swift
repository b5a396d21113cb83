/// The columns of every table, in the order of the header. They are only ever appended to.
enum Schemas {
  static let content = [
    Field("guid", .text), Field("name", .text), Field("title", .text), Field("app_mode", .text),
    Field("owner_guid", .text), Field("last_deployed_time", .timestamp),
    Field("dashboard_url", .text),
  ]

  static let job = [
    Field("id", .text), Field("ppid", .text), Field("pid", .text), Field("key", .text),
    Field("remote_id", .text), Field("app_id", .text), Field("content_id", .text),
    Field("content_guid", .dictionary), Field("variant_id", .text), Field("bundle_id", .text),
    Field("start_time", .timestamp), Field("end_time", .timestamp),
    Field("last_heartbeat_time", .timestamp), Field("queued_time", .timestamp),
    Field("queue_name", .dictionary), Field("tag", .dictionary), Field("exit_code", .int32),
    Field("status", .int32), Field("hostname", .dictionary), Field("cluster", .dictionary),
    Field("image", .dictionary), Field("run_as", .dictionary),
  ]

  /// What `jobs_list_many` has beyond the columns of a job.
  static let besideJobOfMany = [
    Field("requested_guid", .dictionary), Field("error_status", .int32),
    Field("error_code", .int64), Field("error", .text),
  ]

  /// What comes with each entry; the content and the job are constants before it.
  static let entry = [
    Field("source", .dictionary), Field("timestamp", .timestamp), Field("data", .text),
  ]

  static func entryConstants(_ job: JobName) -> [(field: Field, text: String)] {
    [
      (Field("content_guid", .dictionary), job.guid), (Field("job_key", .dictionary), job.key),
    ]
  }

  static let loggedError = [
    Field("code", .text), Field("summary", .text), Field("help_url", .text),
  ]

  /// What Connect answers to a kill order; read into a table of its own.
  static let killOrder = [
    Field("guid", .text), Field("app_id", .int64), Field("app_guid", .text),
    Field("job_id", .int64), Field("job_key", .text), Field("result", .text),
  ]

  static let kill = [
    Field("job_key", .text), Field("result", .text), Field("code", .int64), Field("error", .text),
    Field("error_status", .int32), Field("order_guid", .text), Field("app_guid", .text),
    Field("app_id", .int64), Field("job_id", .int64), Field("ended", .bool),
  ]

  static let tailSummary = [
    Field("content_guid", .text), Field("job_key", .text), Field("end_reason", .dictionary),
    Field("exit_code", .int32), Field("entries", .int64), Field("bytes", .int64),
    Field("reconnects", .int64), Field("gap_possible", .bool), Field("repeat_possible", .bool),
    Field("error_status", .int32), Field("error", .text),
  ]

  static let hookStatistics = [
    Field("hook", .int64), Field("event", .dictionary), Field("name", .text),
    Field("calls", .int64), Field("drops", .int64), Field("errors", .int64),
    Field("batches", .int64), Field("time_ns", .int64), Field("longest_ns", .int64),
    Field("last_error", .text),
  ]

  /// Connect's error body.
  static let apiError = [Field("code", .int64), Field("error", .text)]
}

/// A job of a content item.
package struct JobName: Hashable, Sendable {
  package let guid: String
  package let key: String

  package init(guid: String, key: String) {
    self.guid = guid
    self.key = key
  }
}

/// `status` of a job.
package enum JobStatus {
  package static let active: Int64 = 0
  package static let finished: Int64 = 1
  package static let finalized: Int64 = 2
}
