import Glibc
import Synchronization

/// One job's log: a file that is only ever appended to, by the output pump, and read by any number
/// of requests at once. In memory is only where every 1,024th line begins.
final class LogFile: Sendable {
  static let linesPerCheckpoint = 1024

  /// What of the file may be read, and how many lines that is.
  struct Extent: Sendable, Equatable {
    var bytes = 0
    var lines = 0
  }

  private struct State {
    var extent = Extent()
    var checkpoints: [Int] = []
    var descriptor: Int32?
    var lastTime: Int64 = 0
  }

  let path: String
  private let state: Mutex<State>

  init(path: String) throws {
    self.path = path
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemFailure("create the log \(path)") }
    state = Mutex(State(descriptor: descriptor))
  }

  deinit { close() }

  var extent: Extent { state.withLock { $0.extent } }

  /// Called by the pump alone, so that batches never interleave; readers see a batch when whole.
  func append(_ batch: LineBatch) throws {
    guard let descriptor = state.withLock({ $0.descriptor }) else { return }
    try writeAll(batch.bytes, to: descriptor)
    state.withLock { state in
      for (index, start) in batch.starts.enumerated()
      where (state.extent.lines + index) % Self.linesPerCheckpoint == 0 {
        state.checkpoints.append(state.extent.bytes + start)
      }
      state.extent.bytes += batch.bytes.count
      state.extent.lines += batch.starts.count
      state.lastTime = batch.lastTime
    }
  }

  /// The time of the line that was written last: the next is never stamped earlier.
  var lastTime: Int64 { state.withLock { $0.lastTime } }

  /// No more will be written. Reading goes on, through descriptors of the readers' own.
  func close() {
    state.withLock { state in
      if let descriptor = state.descriptor { _ = Glibc.close(descriptor) }
      state.descriptor = nil
    }
  }

  /// Where a line at or before `line` begins, and how many lines to skip from there.
  func checkpoint(before line: Int) -> (offset: Int, skip: Int) {
    state.withLock { state in
      let index = line / Self.linesPerCheckpoint
      guard index < state.checkpoints.count else { return (state.extent.bytes, 0) }
      return (state.checkpoints[index], line % Self.linesPerCheckpoint)
    }
  }

  private func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SystemFailure("write the log \(path)") }
      done += count
    }
  }
}

/// Lines on their way to the disk, stamped.
struct LineBatch {
  private(set) var bytes: [UInt8] = []
  /// Where each line begins in `bytes`.
  private(set) var starts: [Int] = []
  private(set) var lastTime: Int64

  init(after lastTime: Int64) { self.lastTime = lastTime }

  /// A clock that steps back does not put a log out of order: the stamp then stands still.
  mutating func add(_ data: UnsafeRawBufferPointer, source: LogSource, now: Int64) {
    lastTime = max(lastTime, now)
    starts.append(bytes.count)
    LineRecord.append(time: lastTime, source: source, data: data, to: &bytes)
  }
}
