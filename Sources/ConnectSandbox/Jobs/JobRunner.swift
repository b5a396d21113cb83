import Glibc
import Subprocess
import SystemPackage

/// Runs jobs as real processes, each in a process group of its own, and ends them.
final class JobRunner: Sendable {
  struct Timing: Sendable {
    /// Between the end of the process and the finalization of the job.
    var finalizeDelay: Duration
    /// Between SIGTERM and SIGKILL.
    var killGrace: Duration
    /// How long a pipe may stay open after the process has ended.
    var drainLimit: Duration = .milliseconds(500)
  }

  private let store: JobStore
  private let pump: OutputPump
  private let groups: ProcessGuard
  private let timing: Timing
  /// For the jobs' environment: `CONNECT_SERVER`, `CONNECT_API_KEY`.
  private let address: ServerAddress
  private let apiKey: String

  init(
    store: JobStore, pump: OutputPump, groups: ProcessGuard, timing: Timing,
    address: ServerAddress, apiKey: String
  ) {
    self.store = store
    self.pump = pump
    self.groups = groups
    self.timing = timing
    self.address = address
    self.apiKey = apiKey
  }

  /// Queues a job. The answer does not wait for the process, let alone for its end.
  func start(_ content: ContentItem) throws -> Job {
    let job = try store.add(content)
    Task { await run(job) }
    return job
  }

  // MARK: A job's life

  private func run(_ job: Job) async {
    await queue(job)
    if job.state.isKilled {
      end(job, exitCode: nil, failure: nil)
    } else {
      await runProcess(job)
    }
    try? await Task.sleep(for: timing.finalizeDelay)
    job.log.close()
    job.update { $0.status = .finalized }
  }

  /// A kill order ends the wait.
  private func queue(_ job: Job) async {
    let limit = Duration.milliseconds(job.content.manifest.queueMS ?? 0)
    guard limit > .zero, !job.state.isKilled else { return }
    await wait(for: job, atMost: limit) { $0.isKilled }
  }

  private func runProcess(_ job: Job) async {
    do {
      let output = try Pipe()
      let error = try Pipe()
      job.update { $0.openPipes = [.stdout, .stderr] }
      for (pipe, source) in [(output, LogSource.stdout), (error, .stderr)] {
        pump.attach(pipe.reading, source, sink(of: job))
      }
      await launch(job, output, error)
      await drain(job, output, error)
    } catch {
      refuse(job, "\(error)")
    }
  }

  private func launch(_ job: Job, _ output: Pipe, _ error: Pipe) async {
    var options = PlatformOptions()
    options.processGroupID = 0
    let command = job.content.manifest.command
    do {
      let result = try await Subprocess.run(
        executable(of: job), arguments: Arguments(Array(command.dropFirst())),
        environment: environment(of: job), workingDirectory: FilePath(job.content.folder),
        platformOptions: options, input: .none,
        output: .fileDescriptor(
          FileDescriptor(rawValue: output.writing), closeAfterSpawningProcess: true),
        error: .fileDescriptor(
          FileDescriptor(rawValue: error.writing), closeAfterSpawningProcess: true)
      ) { execution in
        started(job, pid: execution.processIdentifier.value)
      }
      exited(job, pid: result.processIdentifier.value, result.terminationStatus)
    } catch {
      refuse(job, "\(error)")
    }
  }

  private func started(_ job: Job, pid: Int32) {
    groups.add(pid)
    let isKilled = job.update { state in
      state.pid = pid
      state.startTime = Clock.now()
      return state.isKilled
    }
    // The order came while the process was being made.
    if isKilled { kill(group: pid, of: job) }
  }

  private func exited(_ job: Job, pid: Int32, _ status: TerminationStatus) {
    // What the command left behind in its group ends with it.
    _ = Glibc.kill(-pid, SIGKILL)
    groups.remove(pid)
    switch status {
    case .exited(0): end(job, exitCode: 0, failure: nil)
    case .exited(let code):
      let summary = "The process exited with code \(code)."
      end(job, exitCode: Int(code), failure: .init(code: "process-failed", summary: summary))
    case .signaled(let signal):
      // As a shell says it.
      let summary = "The process was ended by signal \(signal)."
      end(
        job, exitCode: 128 + Int(signal),
        failure: .init(code: "process-signaled", summary: summary))
    }
  }

  private func end(_ job: Job, exitCode: Int?, failure: Job.Failure?) {
    job.update { state in
      state.status = .finished
      state.endTime = Clock.now()
      state.exitCode = exitCode
      state.failure = state.isKilled ? nil : failure
    }
  }

  /// The command could not be started at all.
  private func refuse(_ job: Job, _ reason: String) {
    let command = job.content.manifest.command.joined(separator: " ")
    let summary = "The command `\(command)` could not be started: \(reason)"
    var batch = LineBatch(after: job.log.lastTime)
    Array(summary.utf8).withUnsafeBytes { batch.add($0, source: .stderr, now: Clock.now()) }
    try? job.log.append(batch)
    end(job, exitCode: 127, failure: .init(code: "process-not-started", summary: summary))
  }

  // MARK: Output

  private func sink(of job: Job) -> OutputPump.Sink {
    OutputPump.Sink(
      log: job.log, wrote: { job.changes.ring() },
      ended: { source in job.update { _ = $0.openPipes.remove(source) } })
  }

  /// Waits until both pipes have delivered everything.
  private func drain(_ job: Job, _ output: Pipe, _ error: Pipe) async {
    await wait(for: job, atMost: timing.drainLimit) { $0.openPipes.isEmpty }
    for (pipe, source) in [(output, LogSource.stdout), (error, .stderr)]
    where job.state.openPipes.contains(source) {
      pump.finish(pipe.reading)
    }
    await wait(for: job, atMost: .seconds(5)) { $0.openPipes.isEmpty }
  }

  /// True when the condition came true within the limit.
  @discardableResult
  private func wait(
    for job: Job, atMost limit: Duration, until condition: (Job.State) -> Bool
  ) async -> Bool {
    let end = ContinuousClock.now + limit
    while true {
      let seen = job.changes.count
      if condition(job.state) { return true }
      let left = end - .now
      guard left > .zero else { return false }
      await job.changes.wait(after: seen, atMost: left)
    }
  }

  // MARK: Ending

  /// False when the job is not active, so that there is nothing to kill.
  func kill(_ job: Job) -> Bool {
    let (isActive, pid) = job.update { state in
      let isActive = state.status == .active
      if isActive { state.isKilled = true }
      return (isActive, state.pid)
    }
    if isActive, let pid { kill(group: pid, of: job) }
    return isActive
  }

  private func kill(group pid: Int32, of job: Job) {
    _ = Glibc.kill(-pid, SIGTERM)
    Task {
      let ended = await wait(for: job, atMost: timing.killGrace) { $0.status != .active }
      if !ended { _ = Glibc.kill(-pid, SIGKILL) }
    }
  }

  /// Ends every job; returns when no process is left, within about two seconds.
  func stopAll() async {
    let jobs = store.close()
    let running = jobs.filter { kill($0) }
    await waitForEnd(of: running, atMost: .seconds(1))
    for job in running {
      let state = job.state
      if state.status == .active, let pid = state.pid { _ = Glibc.kill(-pid, SIGKILL) }
    }
    await waitForEnd(of: running, atMost: .milliseconds(500))
  }

  /// All of them share the limit.
  private func waitForEnd(of jobs: [Job], atMost limit: Duration) async {
    let end = ContinuousClock.now + limit
    for job in jobs { await wait(for: job, atMost: end - .now) { $0.status != .active } }
  }

  // MARK: What is run

  private func executable(of job: Job) -> Executable {
    let name = job.content.manifest.command.first ?? ""
    guard name.contains("/") else { return found(name, for: job) }
    return .path(FilePath(name.hasPrefix("/") ? name : "\(job.content.folder)/\(name)"))
  }

  /// Sought here, because swift-subprocess makes a process for every folder of the PATH that it
  /// tries, which for a thousand jobs at once takes ten seconds.
  private func found(_ name: String, for job: Job) -> Executable {
    let path = job.content.manifest.env?["PATH"] ?? getenv("PATH").map { String(cString: $0) } ?? ""
    let candidates = path.split(separator: ":").map { "\($0)/\(name)" }
    guard let file = candidates.first(where: { access($0, X_OK) == 0 }) else { return .name(name) }
    return .path(FilePath(file))
  }

  private func environment(of job: Job) -> Environment {
    var values: [Environment.Key: String?] = [
      "CONNECT_SERVER": address.url,
      "CONNECT_API_KEY": apiKey,
      "CONNECT_CONTENT_GUID": job.content.guid,
      "CONNECT_CONTENT_JOB_KEY": job.key,
      "POSIT_PRODUCT": "CONNECT",
      "RSTUDIO_PRODUCT": "CONNECT",
    ]
    for (name, value) in job.content.manifest.env ?? [:] {
      if let key = Environment.Key(rawValue: name) { values[key] = value }
    }
    return Environment.inherit.updating(values)
  }
}

/// A pipe for a job's output. Reading never blocks.
struct Pipe {
  let reading: Int32
  let writing: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemFailure("make a pipe") }
    (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    // Roomier, where the system allows it: a loud job then waits for its reader less often.
    _ = fcntl(reading, Self.setPipeSize, 256 << 10)
  }

  /// `F_SETPIPE_SZ`, which the importer does not see.
  private static let setPipeSize: Int32 = 1031
}
