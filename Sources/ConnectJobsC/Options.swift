import CConnectJobs
import ConnectJobs

// Option structs begin with their size. A caller that was built against another header has a shorter
// or longer one: what it lacks is the default, what is beyond ours is not read. No compiler makes a
// struct that ends in the middle of a pointer; such a size is garbage, and half a pointer is not read.

/// Whether a struct of our kinds can have that size.
func isPossible(_ size: Int) -> Bool {
  size >= MemoryLayout<Int>.size && size <= 65_536 && size % MemoryLayout<Int>.alignment == 0
}

/// A copy of the caller's struct, filled up with zeroes.
private func copy<Struct>(
  _ pointer: UnsafePointer<Struct>, _ zeroed: Struct, _ name: StaticString
) throws(Failure) -> Struct {
  let size = UnsafeRawPointer(pointer).load(as: Int.self)
  guard isPossible(size) else {
    throw invalid(
      "The struct_size of \(name) is \(size). Begin with the struct's _INIT macro.")
  }
  var result = zeroed
  withUnsafeMutableBytes(of: &result) { bytes in
    let known = min(size, bytes.count)
    bytes.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: known))
  }
  return result
}

func clientOptions(
  _ pointer: UnsafePointer<cjobs_client_options>?
) throws(Failure) -> ClientOptions {
  var options = ClientOptions()
  guard let pointer else { return options }
  let given = try copy(pointer, cjobs_client_options(), "cjobs_client_options")
  options.server = try optional(given.server, "server")
  options.apiKey = try optional(given.api_key, "api_key")
  options.authHeader = try optional(given.auth_header, "auth_header")
  options.caFile = try optional(given.ca_file, "ca_file")
  options.proxy = try optional(given.proxy, "proxy")
  options.userAgent = try optional(given.user_agent, "user_agent")
  if let headers = given.headers {
    var index = 0
    while let line = headers[index] {
      options.headers.append(try require(line, "header"))
      index += 1
    }
  }
  options.insecure = given.insecure
  options.maxRetries = given.max_retries
  options.connectTimeout = given.connect_timeout_ms
  options.requestTimeout = given.request_timeout_ms
  options.idleTimeout = given.idle_timeout_ms
  options.maxResponseBytes = given.max_response_bytes
  options.maxEntryBytes = given.max_entry_bytes
  if let function = given.interrupt {
    options.interrupt = InterruptCheck(function, data: given.interrupt_data)
  }
  if let function = given.log { options.log = LogReceiver(function, data: given.log_data) }
  return options
}

func callOptions(_ pointer: UnsafePointer<cjobs_call_options>?) throws(Failure) -> CallOptions {
  var options = CallOptions()
  guard let pointer else { return options }
  let given = try copy(pointer, cjobs_call_options(), "cjobs_call_options")
  guard given.timeout_ms >= 0 else {
    throw invalid("The timeout_ms of the call is negative. Give milliseconds, or 0 for none.")
  }
  options.timeout = given.timeout_ms
  options.maxResponseBytes = given.max_response_bytes
  if let cancel = given.cancel { options.cancel = Handle<CancelToken>.object(cancel) }
  if let hooks = given.hooks { options.hooks = Handle<HookSet>.object(hooks) }
  if let function = given.interrupt {
    options.interrupt = InterruptCheck(function, data: given.interrupt_data)
  }
  return options
}

func tailOptions(_ pointer: UnsafePointer<cjobs_tail_options>?) throws(Failure) -> TailOptions {
  var options = TailOptions()
  guard let pointer else { return options }
  let given = try copy(pointer, cjobs_tail_options(), "cjobs_tail_options")
  switch given.start {
  case CJOBS_START_FIRST: options.start = .first
  case CJOBS_START_NOW: options.start = .now
  case CJOBS_START_LAST:
    guard given.lines >= 1 else {
      throw invalid("CJOBS_START_LAST needs the member lines, at least 1; it is \(given.lines).")
    }
    options.start = .last(given.lines)
  case CJOBS_START_TIME: options.start = .since(nanoseconds: given.since_ns)
  default: throw invalid("The start \(given.start) is none of CJOBS_START_....")
  }
  guard given.max_batch_rows >= 0, given.max_batch_bytes >= 0 else {
    throw invalid("max_batch_rows or max_batch_bytes is negative. Give a limit, or 0.")
  }
  options.maxBatchRows = given.max_batch_rows
  options.maxBatchBytes = given.max_batch_bytes
  options.retryBudget = given.retry_budget_ms
  return options
}

/// Whether the set loads files that others may write.
func allowsWritable(_ pointer: UnsafePointer<cjobs_hooks_options>?) throws(Failure) -> Bool {
  guard let pointer else { return false }
  let given = try copy(pointer, cjobs_hooks_options(), "cjobs_hooks_options")
  let allowed = UInt32(CJOBS_HOOKS_ALLOW_WRITABLE)
  guard given.flags & ~allowed == 0 else {
    throw invalid("The flags \(given.flags) are not 0 or CJOBS_HOOKS_ALLOW_WRITABLE.")
  }
  return given.flags & allowed != 0
}

/// Where a hook's function is, and what becomes of its failures.
struct HookOptions {
  var origin = HookSet.Origin.library(nil)
  var context: UnsafeMutableRawPointer?
  var failureEnds = false

  init(_ pointer: UnsafePointer<cjobs_hook_options>?) throws(Failure) {
    guard let pointer else { return }
    let given = try copy(pointer, cjobs_hook_options(), "cjobs_hook_options")
    context = given.context
    switch given.on_failure {
    case CJOBS_ON_FAILURE_COUNT: failureEnds = false
    case CJOBS_ON_FAILURE_END: failureEnds = true
    default:
      throw invalid("The on_failure \(given.on_failure) is none of CJOBS_ON_FAILURE_....")
    }
    let library = try optional(given.library, "library")
    guard let function = given.function else {
      origin = .library(library)
      return
    }
    guard library == nil else {
      throw invalid("Both library and function are given. Leave one of them NULL.")
    }
    origin = .address(unsafeBitCast(function, to: UnsafeRawPointer.self))
  }
}
