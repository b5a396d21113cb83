import CCurl
import CPosix
import Glibc

/// One attempt at a request: an easy handle, the head of its answer, and where the body goes.
///
/// A reactor drives it. `close` gives the handle back; a transfer that was inherited through a fork
/// is never closed.
final class Transfer {
  let request: Request
  let curl: Curl
  let sink: any BodySink
  /// Rung when something has come, and at the end.
  var bell: Bell?
  fileprivate(set) var head = ResponseHead()
  /// The body of an answer that is not a success, cut.
  private(set) var errorBody: [UInt8] = []
  /// How libcurl ended it; `nil` while it runs.
  private(set) var result: CURLcode?
  private(set) var lastByte = Instant.now
  private(set) var isPaused = false
  private(set) var receivedBytes: Int64 = 0
  let easy: UnsafeMutableRawPointer
  private let errorText: UnsafeMutablePointer<CChar>

  private static let longestErrorBody = 64 * 1024

  init(_ request: Request, _ sink: any BodySink, _ session: Session) throws(Failure) {
    let api = session.curl.api
    guard let easy = api.pointee.easy_init() else { throw .noMemory }
    self.request = request
    self.sink = sink
    self.easy = easy
    curl = session.curl
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    configure(session)
  }

  deinit { errorText.deallocate() }

  /// Gives the easy handle back. It must not be in a multi handle any more.
  func close() {
    withoutSIGPIPE { curl.api.pointee.easy_cleanup(easy) }
  }

  // MARK: Options

  private func configure(_ session: Session) {
    let configuration = session.configuration
    setText(CURLOPT_URL, request.url)
    setPointer(CURLOPT_HTTPHEADER, session.headerList)
    setText(CURLOPT_USERAGENT, configuration.userAgent)
    setText(CURLOPT_PROTOCOLS_STR, "http,https")
    // An empty list of files starts the cookie engine: sticky sessions depend on it.
    setText(CURLOPT_COOKIEFILE, "")
    setPointer(CURLOPT_SHARE, session.share)
    if request.allowsCompression { setText(CURLOPT_ACCEPT_ENCODING, "") }
    if let caFile = configuration.caFile { setText(CURLOPT_CAINFO, caFile) }
    if let proxy = configuration.proxy { setText(CURLOPT_PROXY, proxy) }
    setLong(CURLOPT_SSL_VERIFYPEER, configuration.isInsecure ? 0 : 1)
    setLong(CURLOPT_SSL_VERIFYHOST, configuration.isInsecure ? 0 : 2)
    setLong(CURLOPT_SSLVERSION, 6)  // TLS 1.2 and up
    setLong(CURLOPT_CONNECTTIMEOUT_MS, Int(min(configuration.connectTimeout ?? .max, 1 << 40)))
    setLong(CURLOPT_TCP_KEEPALIVE, 1)
    setLong(CURLOPT_TCP_KEEPIDLE, 20)
    setLong(CURLOPT_TCP_KEEPINTVL, 20)
    setLong(CURLOPT_NOSIGNAL, 1)
    setLong(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    setLong(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    // Without it, letting go of a handle waits for its name lookup.
    setLong(CURLOPT_QUICK_EXIT, 1)
    setLong(CURLOPT_BUFFERSIZE, request.bufferSize)
    if request.usesHTTP1 { setLong(CURLOPT_HTTP_VERSION, 2) }
    if request.method == .delete {
      setText(CURLOPT_CUSTOMREQUEST, "DELETE")
      // On a kept connection that has died, libcurl would send the request a second time.
      setLong(CURLOPT_FRESH_CONNECT, 1)
    }
    setPointer(CURLOPT_ERRORBUFFER, errorText)
    connectCallbacks()
  }

  private func connectCallbacks() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    setPointer(CURLOPT_PRIVATE, context)
    setPointer(CURLOPT_WRITEDATA, context)
    setPointer(CURLOPT_HEADERDATA, context)
    _ = ccurl_set_receiver(curl.api, easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let transfer = Transfer.of(context) else { return 0 }
      return transfer.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    _ = ccurl_set_receiver(curl.api, easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let transfer = Transfer.of(context) else { return 0 }
      transfer.head.read(UnsafeRawBufferPointer(start: bytes, count: size * count))
      transfer.touch()
      return size * count
    }
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    guard let context else { return nil }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  }

  /// The transfer that an easy handle belongs to.
  static func of(easy: UnsafeMutableRawPointer, _ curl: Curl) -> Transfer? {
    var context: UnsafeMutableRawPointer?
    guard ccurl_get_pointer(curl.api, easy, CURLINFO_PRIVATE, &context) == CURLE_OK else {
      return nil
    }
    return of(context)
  }

  private func setLong(_ option: CURLoption, _ value: Int) {
    _ = ccurl_set_long(curl.api, easy, option, value)
  }

  private func setText(_ option: CURLoption, _ text: String) {
    text.withCString { _ = ccurl_set_pointer(curl.api, easy, option, $0) }
  }

  private func setPointer(_ option: CURLoption, _ pointer: UnsafeRawPointer?) {
    _ = ccurl_set_pointer(curl.api, easy, option, pointer)
  }

  // MARK: Receiving

  private func touch() {
    lastByte = .now
    bell?.ring()
  }

  private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard head.isSuccess else { return receiveErrorBody(bytes) }
    let verdict = sink.receive(bytes, self)
    touch()
    switch verdict {
    case .taken:
      receivedBytes += Int64(bytes.count)
      return bytes.count
    case .notYet:
      isPaused = true
      return Int(CURL_WRITEFUNC_PAUSE)
    case .refused: return bytes.count == 0 ? 1 : 0
    }
  }

  /// Keeps the beginning, where the reason stands; of an endless error page, no more is read.
  private func receiveErrorBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    touch()
    errorBody += bytes.prefix(Self.longestErrorBody - errorBody.count)
    receivedBytes += Int64(bytes.count)
    return receivedBytes > 4 * Int64(Self.longestErrorBody) ? 0 : bytes.count
  }

  /// Takes up a transfer that its sink held back. The sink may be given bytes within this call; where
  /// it refuses them, libcurl says so here and nowhere else.
  func resume() {
    guard isPaused else { return }
    isPaused = false
    lastByte = .now
    let code = withoutSIGPIPE { curl.api.pointee.easy_pause(easy, CURLPAUSE_CONT) }
    if code != CURLE_OK, result == nil { finish(code) }
  }

  /// Bytes that the whole body will have, as far as the server said; not of a compressed one.
  var announcedBytes: Int64? {
    guard !head.isEncoded else { return nil }
    var length: curl_off_t = -1
    _ = ccurl_get_offset(curl.api, easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length)
    return length >= 0 ? Int64(length) : nil
  }

  // MARK: Ending

  func finish(_ code: CURLcode) {
    result = code
    bell?.ring()
    var location: UnsafeMutableRawPointer?
    _ = ccurl_get_pointer(curl.api, easy, CURLINFO_REDIRECT_URL, &location)
    if let location {
      head.redirect = String(cString: location.assumingMemoryBound(to: CChar.self))
    }
  }

  /// libcurl's words for what went wrong.
  func describe(_ code: CURLcode) -> String {
    let specific = String(cString: errorText)
    return specific.isEmpty ? curl.describe(code) : specific
  }
}
