// The functions have the names that they have in C, and are documented in the header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CConnectJobs
import ConnectJobs

// The exports translate arguments, call the core, and translate the result; what each does stands in
// the header. `@implementation` makes the compiler hold them against it.

// MARK: Version and status

@implementation @_cdecl("cjobs_version")
public func cjobs_version() -> UnsafePointer<CChar>! { cString(Version.text) }

@implementation @_cdecl("cjobs_abi_version")
public func cjobs_abi_version() -> Int32 { Version.abi }

@implementation @_cdecl("cjobs_status_name")
public func cjobs_status_name(_ status: cjobs_status) -> UnsafePointer<CChar>! {
  cString(Status(rawValue: status).name)
}

// MARK: Errors

@implementation @_cdecl("cjobs_error_status")
public func cjobs_error_status(_ error: OpaquePointer!) -> cjobs_status {
  Handle<ErrorBox>.object(error)?.failure.status.rawValue ?? 0
}

@implementation @_cdecl("cjobs_error_http_status")
public func cjobs_error_http_status(_ error: OpaquePointer!) -> Int32 {
  Handle<ErrorBox>.object(error)?.failure.httpStatus ?? 0
}

@implementation @_cdecl("cjobs_error_api_code")
public func cjobs_error_api_code(_ error: OpaquePointer!) -> Int64 {
  Handle<ErrorBox>.object(error)?.failure.apiCode ?? 0
}

@implementation @_cdecl("cjobs_error_operation")
public func cjobs_error_operation(_ error: OpaquePointer!) -> UnsafePointer<CChar>! {
  (Handle<ErrorBox>.object(error)?.operation.pointer).map { UnsafePointer($0) } ?? cString("")
}

@implementation @_cdecl("cjobs_error_url")
public func cjobs_error_url(_ error: OpaquePointer!) -> UnsafePointer<CChar>! {
  (Handle<ErrorBox>.object(error)?.url.pointer).map { UnsafePointer($0) } ?? cString("")
}

@implementation @_cdecl("cjobs_error_retryable")
public func cjobs_error_retryable(_ error: OpaquePointer!) -> Int32 {
  Handle<ErrorBox>.object(error)?.failure.isRetryable == true ? 1 : 0
}

@implementation @_cdecl("cjobs_error_message")
public func cjobs_error_message(_ error: OpaquePointer!) -> UnsafePointer<CChar>! {
  (Handle<ErrorBox>.object(error)?.message.pointer).map { UnsafePointer($0) } ?? cString("")
}

@implementation @_cdecl("cjobs_error_free")
public func cjobs_error_free(_ error: OpaquePointer!) { Handle<ErrorBox>.free(error) }

// MARK: Clients

/// A client with its address as C wants it.
final class ClientBox {
  let client: Client
  let server: CText

  init(_ client: Client) {
    self.client = client
    server = CText(client.configuration.address.text)
  }
}

func client(_ handle: OpaquePointer?) throws(Failure) -> Client {
  try require(handle, ClientBox.self, "client").client
}

@implementation @_cdecl("cjobs_client_open")
public func cjobs_client_open(
  _ options: UnsafePointer<cjobs_client_options>!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "client_open") { () throws(Failure) in
    Handle.make(ClientBox(try Client(try clientOptions(options))))
  }
}

@implementation @_cdecl("cjobs_client_close")
public func cjobs_client_close(_ client: OpaquePointer!) { Handle<ClientBox>.free(client) }

@implementation @_cdecl("cjobs_client_server")
public func cjobs_client_server(_ client: OpaquePointer!) -> UnsafePointer<CChar>! {
  (Handle<ClientBox>.object(client)?.server.pointer).map { UnsafePointer($0) } ?? cString("")
}

// MARK: Cancelling

@implementation @_cdecl("cjobs_cancel_new")
public func cjobs_cancel_new(
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "cancel_new") { () throws(Failure) in
    guard let token = CancelToken() else { throw .noMemory }
    return Handle.make(token)
  }
}

@implementation @_cdecl("cjobs_cancel_signal")
public func cjobs_cancel_signal(_ cancel: OpaquePointer!) {
  Handle<CancelToken>.object(cancel)?.signal()
}

@implementation @_cdecl("cjobs_cancel_free")
public func cjobs_cancel_free(_ cancel: OpaquePointer!) { Handle<CancelToken>.free(cancel) }
