import CCurl
import CPosix
import Glibc

/// A multi handle and the one epoll that it waits on: the only place where this library waits.
///
/// It is used by one thread at a time. The epoll holds libcurl's sockets, the descriptors of cancel
/// tokens, and, for a host that waits by itself, a timer.
final class Reactor {
  let curl: Curl
  let epoll: CInt
  private let multi: UnsafeMutableRawPointer
  private let pid = getpid()
  private(set) var transfers: [Transfer] = []
  /// When libcurl wants to be called although nothing has come.
  private var timer: Instant?
  private var tokens: [CancelToken] = []
  /// A timer descriptor, made when a host first waits by itself.
  private var alarm: CInt = -1

  init(_ curl: Curl) throws(Failure) {
    self.curl = curl
    guard let multi = curl.api.pointee.multi_init() else { throw .noMemory }
    self.multi = multi
    epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
    guard epoll >= 0 else {
      // The multi handle is cleaned up with this object, which is complete already.
      let reason = SystemError.text(errno)
      throw Failure(
        .internal, "No descriptor to wait on could be had (\(reason)). Close what is open.")
    }
    connectCallbacks()
  }

  /// What was inherited through a fork is left alone: a clean-up would end the parent's connections.
  var isInherited: Bool { getpid() != pid }

  deinit {
    guard !isInherited else { return }
    for transfer in transfers { detach(transfer) }
    _ = withoutSIGPIPE { curl.api.pointee.multi_cleanup(multi) }
    if alarm >= 0 { close(alarm) }
    if epoll >= 0 { close(epoll) }
  }

  // MARK: Transfers

  func add(_ transfer: Transfer) throws(Failure) {
    let code = withoutSIGPIPE { curl.api.pointee.multi_add_handle(multi, transfer.easy) }
    guard code == CURLM_OK else {
      transfer.close()
      throw Failure(.internal, "libcurl refused a request (\(code.rawValue)).")
    }
    transfers.append(transfer)
  }

  /// Ends a transfer, whether it has finished or not.
  func remove(_ transfer: Transfer) {
    guard let index = transfers.firstIndex(where: { $0 === transfer }) else { return }
    transfers.swapAt(index, transfers.count - 1)
    transfers.removeLast()
    detach(transfer)
  }

  func removeAll() {
    for transfer in transfers { detach(transfer) }
    transfers = []
  }

  private func detach(_ transfer: Transfer) {
    _ = withoutSIGPIPE { curl.api.pointee.multi_remove_handle(multi, transfer.easy) }
    transfer.close()
  }

  // MARK: Waiting

  /// Also wakes for this token, until `unwatch`.
  func watch(_ token: CancelToken) {
    tokens.append(token)
    watch(token.descriptor)
  }

  func unwatch(_ token: CancelToken) {
    tokens.removeAll { $0 === token }
    epoll_ctl(epoll, EPOLL_CTL_DEL, token.descriptor, nil)
  }

  private func watch(_ descriptor: CInt) {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.fd = descriptor
    epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
  }

  /// Makes the epoll readable at that instant, for a host that waits on it by itself; `nil`: not.
  func arm(_ instant: Instant?) {
    guard instant != nil || alarm >= 0 else { return }
    if alarm < 0 {
      alarm = timerfd_create(CLOCK_MONOTONIC, CInt(TFD_CLOEXEC | TFD_NONBLOCK))
      guard alarm >= 0 else { return }
      watch(alarm)
    }
    var setting = itimerspec()
    if let instant {
      // Zero would mean "never"; an instant that has passed rings at once.
      setting.it_value.tv_sec = Int(instant.milliseconds / 1_000)
      setting.it_value.tv_nsec = max(1, Int(instant.milliseconds % 1_000) * 1_000_000)
    }
    timerfd_settime(alarm, CInt(TFD_TIMER_ABSTIME), &setting, nil)
  }

  /// Waits until something happens, at most so many milliseconds, and lets libcurl do its part.
  ///
  /// - Returns: whether a transfer has finished.
  /// - Throws: `forked` in a child that inherited this reactor.
  func turn(_ milliseconds: Int64) throws(Failure) -> Bool {
    guard !isInherited else { throw Self.forked }
    var wait = milliseconds
    if let timer { wait = min(wait, max(0, timer - .now)) }
    return withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 64) { events in
      let count = epoll_wait(epoll, events.baseAddress, 64, CInt(clamping: wait))
      return withoutSIGPIPE { drive(events.prefix(max(0, Int(count)))) }
    }
  }

  static let forked = Failure(
    .forked, "This process was forked while the call ran. Make the call again in the child.")

  /// When the next turn is due although no descriptor is readable; `nil`: not.
  var nextTurn: Instant? { timer }

  private func drive(_ events: Slice<UnsafeMutableBufferPointer<epoll_event>>) -> Bool {
    var running: CInt = 0
    for event in events {
      quieten(event.data.fd)
      var mask: CInt = 0
      if event.events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
      if event.events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
      if event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
      _ = curl.api.pointee.multi_socket_action(multi, event.data.fd, mask, &running)
    }
    if let timer, timer <= .now {
      self.timer = nil
      _ = curl.api.pointee.multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
    }
    return collectFinished()
  }

  /// A token's descriptor is shared with forked processes: one that signals it there must not keep
  /// us awake here.
  private func quieten(_ descriptor: CInt) {
    guard let token = tokens.first(where: { $0.descriptor == descriptor }), !token.isSignalled
    else { return }
    var count: UInt64 = 0
    read(descriptor, &count, 8)
  }

  private func collectFinished() -> Bool {
    var left: CInt = 0
    var any = false
    while let message = curl.api.pointee.multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else {
        continue
      }
      Transfer.of(easy: easy, curl)?.finish(ccurl_message_result(message))
      any = true
    }
    return any
  }

  // MARK: libcurl's wishes

  private func connectCallbacks() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    _ = ccurl_multi_set_callbacks(
      curl.api, multi,
      { _, socket, what, context, known in
        guard let reactor = Reactor.of(context) else { return 0 }
        reactor.follow(socket, what, isKnown: known != nil)
        return 0
      },
      { _, milliseconds, context in
        guard let reactor = Reactor.of(context) else { return 0 }
        reactor.timer = milliseconds < 0 ? nil : .now + Int64(milliseconds)
        return 0
      }, context)
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> Reactor? {
    guard let context else { return nil }
    return Unmanaged<Reactor>.fromOpaque(context).takeUnretainedValue()
  }

  private func follow(_ socket: CInt, _ what: CInt, isKnown: Bool) {
    guard what != CURL_POLL_REMOVE else {
      epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
      return
    }
    var event = epoll_event()
    if what == CURL_POLL_IN || what == CURL_POLL_INOUT { event.events |= EPOLLIN.rawValue }
    if what == CURL_POLL_OUT || what == CURL_POLL_INOUT { event.events |= EPOLLOUT.rawValue }
    event.data.fd = socket
    epoll_ctl(epoll, isKnown ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event)
    if !isKnown {
      _ = curl.api.pointee.multi_assign(multi, socket, Unmanaged.passUnretained(self).toOpaque())
    }
  }
}
