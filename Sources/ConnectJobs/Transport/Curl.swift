import CCurl
import CPosix
import Glibc

/// libcurl's functions, once found; the same for the whole process.
struct Curl: @unchecked Sendable {
  let api: UnsafePointer<ccurl_api>

  static let oldestUsable: (text: StaticString, number: UInt32) = ("7.87", 0x075700)

  /// Opens libcurl where that has not been done.
  ///
  /// - Throws: `configuration` where there is none on the machine, or one that is too old.
  static func load() throws(Failure) -> Curl {
    var problem: UnsafePointer<CChar>?
    guard let api = ccurl_load(&problem) else {
      let reason = problem.map { String(cString: $0) } ?? "unknown reason"
      throw Failure(
        .configuration,
        "libcurl cannot be loaded (\(reason)). Install it, for instance with "
          + "\"apt install libcurl4\".")
    }
    let curl = Curl(api: api)
    guard let info = api.pointee.version_info(CURLVERSION_FIRST),
      info.pointee.version_num >= oldestUsable.number
    else {
      throw Failure(
        .configuration,
        "The libcurl that was found is too old; \(oldestUsable.text) or newer is needed. Install a "
          + "newer libcurl.so.4, or put it first in the loader's path.")
    }
    return curl
  }

  func describe(_ code: CURLcode) -> String {
    guard let text = api.pointee.easy_strerror(code) else {
      return "libcurl error \(code.rawValue)"
    }
    return String(cString: text)
  }
}

/// Runs libcurl's part of a call with SIGPIPE held off from this thread: a peer that is gone must
/// not reach the host's handler, which may jump.
@inline(__always)
func withoutSIGPIPE<Result>(_ body: () -> Result) -> Result {
  let state = cposix_sigpipe_enter()
  defer { cposix_sigpipe_leave(state) }
  return body()
}
