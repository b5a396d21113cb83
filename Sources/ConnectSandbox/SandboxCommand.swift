import ArgumentParser
import Glibc
import UnixSignals

struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connect-sandbox",
    abstract: "A Posit Connect on this machine that runs real processes as jobs.",
    discussion: """
      Every folder of the content folder that holds a content.json is a content item. For example:

        {
          "title": "A clock",
          "app_mode": "python-api",
          "tag": "run_api",
          "command": ["python3", "-u", "clock.py"],
          "start": true
        }

      The command runs in that folder; with start, a job begins at once. Further keys: name, \
      description, guid, env (an object), mine (false: its jobs answer 403), queue_ms (time in the \
      queue).

      It listens on 127.0.0.1 only, and says when it is ready:

        connect-sandbox: listening on http://127.0.0.1:PORT

      Ctrl-C ends it and every process of every job.
      """)

  @Option(help: "The port to listen on; 0 picks a free one.")
  var port: Int

  @Option(help: "The API key that requests must carry.")
  var apiKey: String

  @Option(help: ArgumentHelp("The folder of the content items.", valueName: "dir"))
  var content: String

  @Option(help: ArgumentHelp("How a tail separates entries.", valueName: "framing"))
  var tailFraming: Framing = .ndjson

  @Flag(
    inversion: .prefixedNo, help: "Whether a tail begins with what was logged before it opened.")
  var tailReplay = true

  @Option(help: ArgumentHelp("The lines that maxLogLines keeps.", valueName: "end"))
  var maxLogLinesKeep: Settings.LinesKept = .last

  @Option(help: ArgumentHelp("The most lines that /log ever gives.", valueName: "n"))
  var maxLogLinesCap: Int?

  @Option(
    help: ArgumentHelp(
      "The version to imitate; empty hides it, before 2022.10.0 has no jobs API.",
      valueName: "version"))
  var serverVersion = "2025.01.0"

  @Option(help: ArgumentHelp("A path before /__api__, such as /connect.", valueName: "path"))
  var pathPrefix = ""

  @Option(
    help: ArgumentHelp(
      "Milliseconds between a job's end (status 1) and its finalization (2).", valueName: "ms"))
  var finalizeDelayMs = 300

  @Option(help: ArgumentHelp("Milliseconds between SIGTERM and SIGKILL.", valueName: "ms"))
  var killGraceMs = 3000

  @Option(
    help: ArgumentHelp(
      "Where to keep logs. (default: a temporary folder, removed at the end)", valueName: "dir"))
  var data: String?

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port must be 0 to 65535.") }
    guard !apiKey.isEmpty else { throw ValidationError("--api-key must not be empty.") }
    guard finalizeDelayMs >= 0, killGraceMs >= 0 else {
      throw ValidationError("--finalize-delay-ms and --kill-grace-ms must not be negative.")
    }
    if let maxLogLinesCap, maxLogLinesCap < 1 {
      throw ValidationError("--max-log-lines-cap must be at least 1.")
    }
  }

  func run() async throws {
    let contents = try ContentStore(folder: content)
    Self.raiseDescriptorLimit()
    let folder = try data.map(DataFolder.init(kept:)) ?? DataFolder.temporary()
    let groups = try ProcessGuard(folder: folder.isTemporary ? folder.path : nil)
    let address = ServerAddress()
    let store = JobStore(logFolder: folder.path)
    let runner = JobRunner(
      store: store, pump: try OutputPump(), groups: groups,
      timing: .init(
        finalizeDelay: .milliseconds(finalizeDelayMs), killGrace: .milliseconds(killGraceMs)),
      address: address, apiKey: apiKey)
    let server = SandboxServer(
      settings: settings, contents: contents, store: store, runner: runner, address: address)
    let stop = await UnixSignalsSequence(trapping: .sigint, .sigterm)

    let problem = await serve(server, until: stop)
    await runner.stopAll()
    folder.remove()
    await groups.end()
    if let problem {
      Console.warn("Could not serve on 127.0.0.1:\(port): \(problem)")
      throw ExitCode.failure
    }
    // Not by returning: a tail that is still open would be waited for.
    Glibc.exit(0)
  }

  /// Returns on a signal, or with the reason why the server could not go on.
  private func serve(
    _ server: SandboxServer, until stop: UnixSignalsSequence
  ) async -> (any Error)? {
    await withTaskGroup(of: (any Error)?.self) { group in
      group.addTask {
        do {
          try await server.run()
          return nil
        } catch { return error }
      }
      group.addTask {
        for await _ in stop { break }
        return nil
      }
      let problem = await group.next() ?? nil
      group.cancelAll()
      return problem
    }
  }

  private var settings: Settings {
    Settings(
      port: port, apiKey: apiKey, pathPrefix: Self.normalized(pathPrefix),
      version: ServerVersion(text: serverVersion), framing: tailFraming, replaysTail: tailReplay,
      linesKept: maxLogLinesKeep, logLinesCap: maxLogLinesCap)
  }

  private static func normalized(_ prefix: String) -> String {
    prefix.split(separator: "/").map { "/" + $0 }.joined()
  }

  /// A job takes four descriptors, a tail two; a thousand of each is more than the usual 1,024.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}

extension Framing: ExpressibleByArgument {}
extension Settings.LinesKept: ExpressibleByArgument {}
