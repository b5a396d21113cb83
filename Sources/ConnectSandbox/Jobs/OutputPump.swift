import CPosix
import Glibc
import Synchronization

/// Reads the output of every job, on one thread of its own, stamps the lines and puts them on disk.
///
/// Not swift-subprocess's output sequences: those run on the tasks' shared threads, which a slow
/// disk would block for every request, and they end only when the last process that inherited the
/// pipe does, which may be long after the job.
final class OutputPump: Sendable {
  private enum Command: Sendable {
    case attach(descriptor: Int32, source: LogSource, sink: Sink)
    case finish(descriptor: Int32)
  }

  /// Where the lines of a job go.
  struct Sink: Sendable {
    let log: LogFile
    /// New lines can be read.
    let wrote: @Sendable () -> Void
    /// The pipe has ended; nothing more will come through it.
    let ended: @Sendable (LogSource) -> Void
  }

  private let poll: Int32
  private let bell: Int32
  private let commands = Mutex<[Command]>([])

  init() throws {
    poll = epoll_create1(Int32(EPOLL_CLOEXEC))
    bell = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard poll >= 0, bell >= 0 else { throw SystemFailure("prepare to read from jobs") }
    try Self.watch(bell, with: poll)
    try startThread()
  }

  /// The descriptor, the reading end of a pipe, now belongs to the pump, which closes it.
  func attach(_ descriptor: Int32, _ source: LogSource, _ sink: Sink) {
    send(.attach(descriptor: descriptor, source: source, sink: sink))
  }

  /// Reads what is in the pipe already, then closes it, even though somebody still holds the other
  /// end: a process that left its group and outlived the job.
  func finish(_ descriptor: Int32) { send(.finish(descriptor: descriptor)) }

  private func send(_ command: Command) {
    commands.withLock { $0.append(command) }
    var one: UInt64 = 1
    _ = write(bell, &one, 8)
  }

  private func startThread() throws {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<OutputPump>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, context)
    guard code == 0 else { throw SystemFailure("start a thread", code: code) }
    pthread_detach(thread)
  }

  private func run() {
    var pipes: [Int32: JobPipe] = [:]
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    var buffer = [UInt8](repeating: 0, count: JobPipe.pieceSize)
    while true {
      let count = epoll_wait(poll, &events, Int32(events.count), -1)
      for event in events.prefix(Int(max(count, 0))) {
        if event.data.fd == bell {
          takeCommands(&pipes, &buffer)
        } else if let pipe = pipes[event.data.fd], pipe.pump(&buffer) == .ended {
          drop(pipe, from: &pipes)
        }
      }
    }
  }

  private func takeCommands(_ pipes: inout [Int32: JobPipe], _ buffer: inout [UInt8]) {
    var count: UInt64 = 0
    _ = read(bell, &count, 8)
    let taken = commands.withLock { list in
      defer { list = [] }
      return list
    }
    for command in taken {
      switch command {
      case .attach(let descriptor, let source, let sink):
        pipes[descriptor] = JobPipe(descriptor, source, sink)
        // One that cannot be watched is read no more, and its job ends with what was read.
        if (try? Self.watch(descriptor, with: poll)) == nil, let pipe = pipes[descriptor] {
          drop(pipe, from: &pipes)
        }
      case .finish(let descriptor):
        guard let pipe = pipes[descriptor] else { continue }
        pipe.drain(&buffer)
        drop(pipe, from: &pipes)
      }
    }
  }

  private func drop(_ pipe: JobPipe, from pipes: inout [Int32: JobPipe]) {
    pipes[pipe.descriptor] = nil
    pipe.end()
  }

  private static func watch(_ descriptor: Int32, with poll: Int32) throws {
    var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(fd: descriptor))
    guard epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
      throw SystemFailure("watch a job's output")
    }
  }
}

/// One pipe of one job, as the pump's thread sees it.
private final class JobPipe {
  /// Also the size that a pipe is given: fewer, larger pieces are what makes a loud job cheap.
  static let pieceSize = 256 << 10

  enum Outcome { case gotSome, nothingNow, ended }

  let descriptor: Int32
  private let source: LogSource
  private let sink: OutputPump.Sink
  private var splitter = LineSplitter()
  private var diskFailed = false

  init(_ descriptor: Int32, _ source: LogSource, _ sink: OutputPump.Sink) {
    self.descriptor = descriptor
    self.source = source
    self.sink = sink
  }

  /// Reads once, so that a loud job does not keep the others waiting.
  func pump(_ buffer: inout [UInt8]) -> Outcome {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0 { return errno == EAGAIN || errno == EINTR ? .nothingNow : .ended }
    guard count > 0 else { return .ended }
    var batch = LineBatch(after: sink.log.lastTime)
    buffer.withUnsafeBytes { bytes in
      splitter.feed(UnsafeRawBufferPointer(rebasing: bytes[..<count])) {
        batch.add($0, source: source, now: Clock.now())
      }
    }
    put(batch)
    return .gotSome
  }

  /// Reads until the pipe is empty; not for ever, should somebody keep filling it.
  func drain(_ buffer: inout [UInt8]) {
    for _ in 0..<64 where pump(&buffer) != .gotSome { return }
  }

  func end() {
    var batch = LineBatch(after: sink.log.lastTime)
    splitter.finish { batch.add($0, source: source, now: Clock.now()) }
    put(batch)
    close(descriptor)
    sink.ended(source)
  }

  private func put(_ batch: LineBatch) {
    guard !batch.starts.isEmpty, !diskFailed else { return }
    do {
      try sink.log.append(batch)
      sink.wrote()
    } catch {
      // The job goes on, its further output is lost: said once.
      diskFailed = true
      Console.warn("\(error) The rest of the job's output is dropped.")
    }
  }
}
