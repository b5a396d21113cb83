import Hummingbird
import Logging
import NIOCore

/// The HTTP server, on Hummingbird: of the two packages tried, the one that notices a client's
/// leaving while a tail is silent (the other held 300 of 300 such connections open).
struct SandboxServer {
  let settings: Settings
  let contents: ContentStore
  let store: JobStore
  let runner: JobRunner
  let address: ServerAddress

  private var router: Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self)
    let api = "\(settings.pathPrefix)/__api__"
    router.add(
      middleware: Gatekeeper(apiKey: settings.apiKey, open: ["\(api)/server_settings"]))
    let group = router.group(RouterPath(api))
    let lookup = Lookup(contents: contents, store: store)
    let json = JobJSON(version: settings.version)
    JobRoutes(settings: settings, lookup: lookup, runner: runner, json: json).add(to: group)
    if !settings.version.hasJobsAPI {
      OldJobRoutes(lookup: lookup, json: json).add(to: group)
    }
    ContentRoutes(
      settings: settings, lookup: lookup, runner: runner, tasks: TaskJSON(), address: address
    ).add(to: group)
    return router
  }

  /// Serves until its task is cancelled.
  func run() async throws {
    var logger = Logger(label: "connect-sandbox")
    logger.logLevel = .critical
    let application = Application(
      router: router,
      configuration: .init(
        address: .hostname("127.0.0.1", port: settings.port), serverName: nil, backlog: 4096),
      onServerRunning: { channel in ready(on: channel.localAddress?.port ?? settings.port) },
      logger: logger)
    try await application.run()
  }

  /// Says so, in the one line that scripts wait for, and starts what is to be started.
  private func ready(on port: Int) {
    let server = "http://127.0.0.1:\(port)"
    address.set(server + settings.pathPrefix)
    Console.say("connect-sandbox: listening on \(server)")
    for content in contents.items where content.manifest.start == true {
      do { _ = try runner.start(content) } catch { Console.warn("\(error)") }
    }
  }
}
