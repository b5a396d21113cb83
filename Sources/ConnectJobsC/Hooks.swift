// The functions have the names that they have in C, and are documented in the header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CConnectJobs
import ConnectJobs

@implementation @_cdecl("cjobs_hooks_open")
public func cjobs_hooks_open(
  _ options: UnsafePointer<cjobs_hooks_options>!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "hooks_open") { () throws(Failure) in
    Handle.make(try HookSet(allowWritable: try allowsWritable(options)))
  }
}

@implementation @_cdecl("cjobs_hooks_bind")
public func cjobs_hooks_bind(
  _ hooks: OpaquePointer!, _ event: Int32, _ signature: UnsafePointer<CChar>!,
  _ options: UnsafePointer<cjobs_hook_options>!, _ hook: UnsafeMutablePointer<Int64>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "hooks_bind") { () throws(Failure) in
    let set = try require(hooks, HookSet.self, "set of hooks")
    let options = try HookOptions(options)
    return bind(
      try set.prepare(
        try hookEvent(event), try require(signature, "signature"), options.origin,
        context: options.context, failureEnds: options.failureEnds), to: set, hook)
  }
}

@implementation @_cdecl("cjobs_hooks_bind_batch")
public func cjobs_hooks_bind_batch(
  _ hooks: OpaquePointer!, _ event: Int32, _ name: UnsafePointer<CChar>!,
  _ options: UnsafePointer<cjobs_hook_options>!, _ hook: UnsafeMutablePointer<Int64>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "hooks_bind_batch") { () throws(Failure) in
    let set = try require(hooks, HookSet.self, "set of hooks")
    let options = try HookOptions(options)
    return bind(
      try set.prepareBatch(
        try hookEvent(event), try require(name, "name"), options.origin,
        context: options.context, failureEnds: options.failureEnds), to: set, hook)
  }
}

@implementation @_cdecl("cjobs_hooks_unbind")
public func cjobs_hooks_unbind(
  _ hooks: OpaquePointer!, _ hook: Int64, _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "hooks_unbind") { () throws(Failure) in
    try require(hooks, HookSet.self, "set of hooks").unbind(hook)
    return .ok
  }
}

@implementation @_cdecl("cjobs_hooks_load_manifest")
public func cjobs_hooks_load_manifest(
  _ hooks: OpaquePointer!, _ path: UnsafePointer<CChar>!, _ context: UnsafeMutableRawPointer!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "hooks_load_manifest") { () throws(Failure) in
    try require(hooks, HookSet.self, "set of hooks")
      .load(manifest: try require(path, "path"), context: context)
    return .ok
  }
}

@implementation @_cdecl("cjobs_hooks_stats")
public func cjobs_hooks_stats(
  _ hooks: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "hooks_stats") { () throws(Failure) in
    Handle.make(try require(hooks, HookSet.self, "set of hooks").statistics())
  }
}

@implementation @_cdecl("cjobs_hooks_close")
public func cjobs_hooks_close(_ hooks: OpaquePointer!) { Handle<HookSet>.free(hooks) }

// MARK: Arguments

private func hookEvent(_ number: Int32) throws(Failure) -> HookEvent {
  guard let event = HookEvent(rawValue: number) else {
    throw invalid("The event \(number) is none of CJOBS_EVENT_....")
  }
  return event
}

private func bind(
  _ prepared: PreparedHook, to set: HookSet, _ hook: UnsafeMutablePointer<Int64>?
) -> Status {
  for id in set.add([prepared]) { hook?.pointee = id }
  return .ok
}
