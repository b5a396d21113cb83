/// Where a follow begins, and how much it holds.
package struct TailOptions: Sendable {
  package enum Start: Sendable, Equatable {
    case first
    case now
    case last(Int64)
    case since(nanoseconds: Int64)
  }

  package var start = Start.first
  package var maxBatchRows: Int64 = 0
  package var maxBatchBytes: Int64 = 0
  /// Milliseconds; negative: for ever.
  package var retryBudget: Int64 = 0

  /// Of libcurl's receive buffer for each job, in bytes; smaller where there are many.
  var bufferSize = 16 * 1024

  package init() {}

  var rows: Int { maxBatchRows > 0 ? Int(clamping: maxBatchRows) : 65_536 }
  var bytes: Int { maxBatchBytes > 0 ? Int(clamping: maxBatchBytes) : 4 << 20 }
  var budget: Int64 { retryBudget == 0 ? 300_000 : retryBudget < 0 ? .max : retryBudget }
}

/// How the follow of a job ended.
enum EndReason: String {
  case finalized
  case cancelled
  case lost
  /// A hook wanted no more.
  case stopped
}
