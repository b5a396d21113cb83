import CCurl
import CPosix
import Glibc

/// Where a server tells of jobs.
enum JobsAPI {
  /// `/v1/content/{guid}/jobs`
  case jobs
  /// `/applications/{guid}/jobs`, of servers before 2022.10.0.
  case unversioned
}

/// What the calls of one client share in one process: cookies, names and TLS sessions behind
/// locks, and the reactors that are idle, with their kept connections.
///
/// After a fork the child makes a new one and lets go of the old without touching it.
final class Session: @unchecked Sendable {
  let curl: Curl
  let configuration: Configuration
  let share: UnsafeMutableRawPointer
  let headerList: UnsafeMutablePointer<curl_slist>?
  private let pid = getpid()
  private let locks: ShareLocks
  private let mutex: OpaquePointer
  private var idle: [Reactor] = []
  private var namedEndpoints: Set<String> = []
  private var knownAPI: JobsAPI?

  private static let mostIdle = 16

  init(_ curl: Curl, _ configuration: Configuration) throws(Failure) {
    self.curl = curl
    self.configuration = configuration
    guard let share = curl.api.pointee.share_init() else { throw .noMemory }
    guard let mutex = cposix_mutex_new(), let locks = ShareLocks() else {
      _ = curl.api.pointee.share_cleanup(share)
      throw .noMemory
    }
    self.share = share
    self.mutex = mutex
    self.locks = locks
    headerList = Self.headerList(curl, configuration.headers)
    guard headerList != nil else { throw .noMemory }
    locks.connect(curl, share)
  }

  deinit {
    idle = []
    curl.api.pointee.slist_free_all(headerList)
    _ = withoutSIGPIPE { curl.api.pointee.share_cleanup(share) }
    cposix_mutex_free(mutex)
  }

  var isInherited: Bool { getpid() != pid }

  // MARK: Reactors

  /// An idle reactor, the one last used first: its connections are the warmest.
  func borrow() throws(Failure) -> Reactor {
    let found = locked { idle.popLast() }
    if let found { return found }
    return try Reactor(curl)
  }

  func giveBack(_ reactor: Reactor) {
    // One that is not kept is closed here, outside the lock.
    locked { if idle.count < Self.mostIdle { idle.append(reactor) } }
  }

  /// Says once for each endpoint that it is deprecated.
  func noteDeprecation(_ head: ResponseHead, of url: String) {
    guard let instead = head.deprecatedEndpoint, let log = configuration.log else { return }
    guard locked({ namedEndpoints.insert(instead).inserted }) else { return }
    let key = configuration.apiKey
    log.log(
      .warning,
      "Connect says that the endpoint of \(url.hiding(key)) is deprecated; it names "
        + "\(instead.hiding(key).quoted) instead. A newer connectjobs may use that one.")
  }

  /// Which of the APIs for jobs the server has; `nil`: not known yet.
  var api: JobsAPI? { locked { knownAPI } }

  /// Takes note of the API that has answered, and says once where it is the older one.
  func note(_ api: JobsAPI) {
    let isNew = locked {
      defer { if knownAPI == nil { knownAPI = api } }
      return knownAPI == nil
    }
    guard isNew, api == .unversioned else { return }
    configuration.log?.log(
      .warning,
      "This Connect is from before 2022.10.0 and has no Jobs API: jobs and logs are read from its "
        + "older endpoints, a follow asks again and again, and nothing else is offered.")
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    cposix_mutex_lock(mutex)
    defer { cposix_mutex_unlock(mutex) }
    return body()
  }

  private static func headerList(
    _ curl: Curl, _ lines: [String]
  ) -> UnsafeMutablePointer<curl_slist>? {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      guard let longer = line.withCString({ curl.api.pointee.slist_append(list, $0) }) else {
        curl.api.pointee.slist_free_all(list)
        return nil
      }
      list = longer
    }
    return list
  }
}

/// The locks of a libcurl share: one for each kind of data.
private final class ShareLocks: @unchecked Sendable {
  private static let kinds = 16
  private let mutexes: UnsafeMutablePointer<OpaquePointer?>

  init?() {
    mutexes = .allocate(capacity: Self.kinds)
    mutexes.initialize(repeating: nil, count: Self.kinds)
    for kind in 0..<Self.kinds {
      guard let mutex = cposix_mutex_new() else { return nil }
      mutexes[kind] = mutex
    }
  }

  deinit {
    for kind in 0..<Self.kinds { cposix_mutex_free(mutexes[kind]) }
    mutexes.deallocate()
  }

  func connect(_ curl: Curl, _ share: UnsafeMutableRawPointer) {
    _ = ccurl_share_set_locks(
      curl.api, share,
      { _, kind, _, context in
        guard let mutex = ShareLocks.mutex(context, kind) else { return }
        cposix_mutex_lock(mutex)
      },
      { _, kind, context in
        guard let mutex = ShareLocks.mutex(context, kind) else { return }
        cposix_mutex_unlock(mutex)
      }, UnsafeMutableRawPointer(mutexes))
    for data in [CURL_LOCK_DATA_COOKIE, CURL_LOCK_DATA_DNS, CURL_LOCK_DATA_SSL_SESSION] {
      _ = ccurl_share_set_long(curl.api, share, CURLSHOPT_SHARE, Int(data.rawValue))
    }
  }

  private static func mutex(
    _ context: UnsafeMutableRawPointer?, _ kind: curl_lock_data
  ) -> OpaquePointer? {
    guard Int(kind.rawValue) < kinds else { return nil }
    return context?.assumingMemoryBound(to: OpaquePointer?.self)[Int(kind.rawValue)]
  }
}
