import CConnectJobs
import ConnectJobs
import Glibc

/// Where a stream's tables come from.
protocol TableSource {
  /// A table without rows, for the schema.
  var empty: Table { get }
  /// `nil`: there is no more.
  func next() throws(Failure) -> Table?
  /// Nobody will ask any more.
  func close()
}

/// Tables as an Arrow C stream: pulled by the consumer, on its thread.
enum ArrowStream {
  static func make(_ source: any TableSource) -> ArrowArrayStream {
    var stream = ArrowArrayStream()
    stream.private_data = Unmanaged.passRetained(Reading(source)).toOpaque()
    stream.get_schema = { stream, out in
      Reading.of(stream)?.giving(out) { (source) in ArrowExport.schema(of: source.empty) } ?? EINVAL
    }
    stream.get_next = { stream, out in
      Reading.of(stream)?.giving(out) { (source) throws(Failure) in
        // What ends a stream is an array that counts as released.
        try source.next().map(ArrowExport.array) ?? ArrowArray()
      } ?? EINVAL
    }
    stream.get_last_error = { stream in
      (Reading.of(stream)?.problem?.pointer).map { UnsafePointer($0) }
    }
    stream.release = { stream in
      guard let stream, let data = stream.pointee.private_data else { return }
      let reading = Unmanaged<Reading>.fromOpaque(data)
      reading.takeUnretainedValue().source.close()
      stream.pointee.private_data = nil
      stream.pointee.release = nil
      reading.release()
    }
    return stream
  }

  /// One stream's state: its source, and why it failed last.
  private final class Reading {
    let source: any TableSource
    private(set) var problem: CText?

    init(_ source: any TableSource) {
      self.source = source
    }

    static func of(_ stream: UnsafeMutablePointer<ArrowArrayStream>?) -> Reading? {
      stream?.pointee.private_data.map {
        Unmanaged<Reading>.fromOpaque($0).takeUnretainedValue()
      }
    }

    /// Fills the consumer's struct; an errno says what kind of failure there was.
    func giving<Struct>(
      _ out: UnsafeMutablePointer<Struct>?, _ make: (any TableSource) throws(Failure) -> Struct
    ) -> CInt {
      guard let out else { return EINVAL }
      do throws(Failure) {
        out.pointee = try make(source)
        problem = nil
        return 0
      } catch {
        problem = CText(error.message)
        return error.status.errorNumber
      }
    }
  }
}

/// A table as a stream of one.
final class OneTable: TableSource {
  let empty: Table
  private var table: Table?

  init(_ table: Table) {
    empty = table
    self.table = table
  }

  func next() -> Table? {
    defer { table = nil }
    return table
  }

  func close() {}
}

/// What a tail brings, batch by batch.
final class TailBatches: TableSource {
  let empty: Table
  private let tail: Tail

  /// Takes the tail over.
  init(_ tail: Tail) throws(Failure) {
    empty = try Tail.emptyBatch()
    try tail.handOver()
    self.tail = tail
  }

  func next() throws(Failure) -> Table? {
    while true {
      switch try tail.nextForNewOwner(timeout: -1) {
      case .batch(let table): return table
      case .done: return nil
      case .timeout: continue
      }
    }
  }

  func close() { tail.close() }
}

extension Status {
  /// The errno that comes nearest.
  fileprivate var errorNumber: CInt {
    switch self {
    case .invalidArgument, .closed: EINVAL
    case .noMemory: ENOMEM
    case .cancelled: ECANCELED
    case .timedOut: ETIMEDOUT
    case .busy: EBUSY
    case .unauthenticated, .forbidden: EACCES
    case .notFound: ENOENT
    case .unsupported: ENOSYS
    default: EIO
    }
  }
}
