import Synchronization

/// Where this server is reached, with its prefix: known once it listens, as the port may be any.
final class ServerAddress: Sendable {
  private let text = Mutex("")

  var url: String { text.withLock { $0 } }

  func set(_ url: String) { text.withLock { $0 = url } }
}
