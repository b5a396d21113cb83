// The functions have the names that they have in C, and are documented in the header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CConnectJobs
import ConnectJobs

@implementation @_cdecl("cjobs_content_list")
public func cjobs_content_list(
  _ handle: OpaquePointer!, _ name: UnsafePointer<CChar>!,
  _ call: UnsafePointer<cjobs_call_options>!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "content_list") { () throws(Failure) in
    Handle.make(
      try client(handle).contentList(name: try optional(name, "name"), try callOptions(call)))
  }
}

@implementation @_cdecl("cjobs_jobs_list")
public func cjobs_jobs_list(
  _ handle: OpaquePointer!, _ guid: UnsafePointer<CChar>!,
  _ call: UnsafePointer<cjobs_call_options>!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "jobs_list") { () throws(Failure) in
    Handle.make(
      try client(handle).jobsList(guid: try require(guid, "content guid"), try callOptions(call)))
  }
}

@implementation @_cdecl("cjobs_jobs_list_many")
public func cjobs_jobs_list_many(
  _ handle: OpaquePointer!, _ guids: UnsafePointer<UnsafePointer<CChar>?>!, _ n: Int,
  _ maxConcurrent: Int32, _ call: UnsafePointer<cjobs_call_options>!,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "jobs_list_many") { () throws(Failure) in
    Handle.make(
      try client(handle).jobsListMany(
        guids: try require(guids, n, "content guid"), maxConcurrent: Int(maxConcurrent),
        try callOptions(call)))
  }
}

@implementation @_cdecl("cjobs_job_get")
public func cjobs_job_get(
  _ handle: OpaquePointer!, _ guid: UnsafePointer<CChar>!, _ key: UnsafePointer<CChar>!,
  _ call: UnsafePointer<cjobs_call_options>!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "job_get") { () throws(Failure) in
    Handle.make(try client(handle).job(try job(guid, key), try callOptions(call)))
  }
}

@implementation @_cdecl("cjobs_job_log")
public func cjobs_job_log(
  _ handle: OpaquePointer!, _ guid: UnsafePointer<CChar>!, _ key: UnsafePointer<CChar>!,
  _ maxLogLines: Int64, _ call: UnsafePointer<cjobs_call_options>!,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "job_log") { () throws(Failure) in
    Handle.make(
      try client(handle).log(
        try job(guid, key), maxLines: maxLogLines, try callOptions(call)))
  }
}

@implementation @_cdecl("cjobs_job_error")
public func cjobs_job_error(
  _ handle: OpaquePointer!, _ guid: UnsafePointer<CChar>!, _ key: UnsafePointer<CChar>!,
  _ call: UnsafePointer<cjobs_call_options>!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "job_error") { () throws(Failure) in
    Handle.make(try client(handle).loggedError(try job(guid, key), try callOptions(call)))
  }
}

// MARK: Downloads

@implementation @_cdecl("cjobs_job_download")
public func cjobs_job_download(
  _ handle: OpaquePointer!, _ guid: UnsafePointer<CChar>!, _ key: UnsafePointer<CChar>!,
  _ filename: UnsafePointer<CChar>!, _ write: cjobs_write_fn!, _ progress: cjobs_progress_fn!,
  _ data: UnsafeMutableRawPointer!, _ call: UnsafePointer<cjobs_call_options>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "job_download") { () throws(Failure) in
    guard let write else {
      throw invalid("write_fn is NULL. Give a function, or use the file form.")
    }
    try client(handle).download(
      try job(guid, key), filename: try optional(filename, "filename"), write: write,
      DownloadReceiver(progress: progress, data: data), try callOptions(call))
    return .ok
  }
}

@implementation @_cdecl("cjobs_job_download_file")
public func cjobs_job_download_file(
  _ handle: OpaquePointer!, _ guid: UnsafePointer<CChar>!, _ key: UnsafePointer<CChar>!,
  _ path: UnsafePointer<CChar>!, _ flags: UInt32, _ progress: cjobs_progress_fn!,
  _ data: UnsafeMutableRawPointer!, _ call: UnsafePointer<cjobs_call_options>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "job_download_file") { () throws(Failure) in
    let overwrite = UInt32(CJOBS_DOWNLOAD_OVERWRITE)
    guard flags & ~overwrite == 0 else {
      throw invalid("The flags \(flags) are not 0 or CJOBS_DOWNLOAD_OVERWRITE.")
    }
    try client(handle).downloadFile(
      try job(guid, key), path: try require(path, "path"), overwrite: flags & overwrite != 0,
      DownloadReceiver(progress: progress, data: data), try callOptions(call))
    return .ok
  }
}

// MARK: Killing and waiting

@implementation @_cdecl("cjobs_job_kill")
public func cjobs_job_kill(
  _ handle: OpaquePointer!, _ guid: UnsafePointer<CChar>!,
  _ keys: UnsafePointer<UnsafePointer<CChar>?>!, _ n: Int, _ confirm: Int64,
  _ call: UnsafePointer<cjobs_call_options>!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "job_kill") { () throws(Failure) in
    Handle.make(
      try client(handle).kill(
        guid: try require(guid, "content guid"), keys: try require(keys, n, "job key"),
        confirm: confirm, try callOptions(call)))
  }
}

@implementation @_cdecl("cjobs_job_kill_active")
public func cjobs_job_kill_active(
  _ handle: OpaquePointer!, _ guid: UnsafePointer<CChar>!, _ confirm: Int64,
  _ call: UnsafePointer<cjobs_call_options>!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "job_kill_active") { () throws(Failure) in
    Handle.make(
      try client(handle).killActive(
        guid: try require(guid, "content guid"), confirm: confirm, try callOptions(call)))
  }
}

@implementation @_cdecl("cjobs_job_wait")
public func cjobs_job_wait(
  _ handle: OpaquePointer!, _ guid: UnsafePointer<CChar>!, _ key: UnsafePointer<CChar>!,
  _ until: Int32, _ timeout: Int64, _ call: UnsafePointer<cjobs_call_options>!,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "job_wait") { () throws(Failure) in
    guard let out else { throw invalid("The pointer that receives the result is NULL.") }
    out.pointee = nil
    guard let milestone = Client.Milestone(rawValue: until) else {
      throw invalid("The milestone \(until) is none of CJOBS_UNTIL_....")
    }
    let row = try client(handle).wait(
      try job(guid, key), until: milestone, timeout: timeout, try callOptions(call))
    guard let row else { return .timeout }
    out.pointee = Handle.make(row)
    return .ok
  }
}
