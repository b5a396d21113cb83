// The functions have the names that they have in C, and are documented in the header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CConnectJobs
import ConnectJobs

@implementation @_cdecl("cjobs_tail_open")
public func cjobs_tail_open(
  _ handle: OpaquePointer!, _ guids: UnsafePointer<UnsafePointer<CChar>?>!,
  _ keys: UnsafePointer<UnsafePointer<CChar>?>!, _ n: Int,
  _ options: UnsafePointer<cjobs_tail_options>!, _ call: UnsafePointer<cjobs_call_options>!,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "tail_open") { () throws(Failure) in
    let client = try client(handle)
    guard n > 0 else { throw invalid("There is no job to follow: n is 0.") }
    var targets: [Tail.Target] = []
    for (index, guid) in try require(guids, n, "content guid").enumerated() {
      targets.append(Tail.Target(guid: guid, key: try optional(keys?[index], "job key")))
    }
    return Handle.make(
      try Tail(targets, try tailOptions(options), client, try callOptions(call)))
  }
}

@implementation @_cdecl("cjobs_tail_next")
public func cjobs_tail_next(
  _ tail: OpaquePointer!, _ timeout: Int64, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "tail_next") { () throws(Failure) in
    guard let out else { throw invalid("The pointer that receives the result is NULL.") }
    out.pointee = nil
    switch try require(tail, Tail.self, "tail").next(timeout: timeout) {
    case .batch(let table):
      out.pointee = Handle.make(table)
      return .ok
    case .timeout: return .timeout
    case .done: return .done
    }
  }
}

@implementation @_cdecl("cjobs_tail_fd")
public func cjobs_tail_fd(_ tail: OpaquePointer!) -> CInt {
  Handle<Tail>.object(tail)?.descriptor ?? -1
}

@implementation @_cdecl("cjobs_tail_cancel")
public func cjobs_tail_cancel(_ tail: OpaquePointer!) { Handle<Tail>.object(tail)?.cancel() }

@implementation @_cdecl("cjobs_tail_summary")
public func cjobs_tail_summary(
  _ tail: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "tail_summary") { () throws(Failure) in
    Handle.make(try require(tail, Tail.self, "tail").summary())
  }
}

@implementation @_cdecl("cjobs_tail_close")
public func cjobs_tail_close(_ tail: OpaquePointer!) { Handle<Tail>.free(tail) }
