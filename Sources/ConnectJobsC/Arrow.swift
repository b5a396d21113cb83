// The functions have the names that they have in C, and are documented in the header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CConnectJobs
import ConnectJobs

@implementation @_cdecl("cjobs_table_export")
public func cjobs_table_export(
  _ table: OpaquePointer!, _ schema: UnsafeMutablePointer<ArrowSchema>!,
  _ array: UnsafeMutablePointer<ArrowArray>!, _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "table_export") { () throws(Failure) in
    let table = try require(table, Table.self, "table")
    if let schema { schema.pointee = ArrowExport.schema(of: table) }
    if let array { array.pointee = ArrowExport.array(of: table) }
    return .ok
  }
}

@implementation @_cdecl("cjobs_table_stream")
public func cjobs_table_stream(
  _ table: OpaquePointer!, _ stream: UnsafeMutablePointer<ArrowArrayStream>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "table_stream") { () throws(Failure) in
    let table = try require(table, Table.self, "table")
    guard let stream else { throw invalid("The pointer that receives the stream is NULL.") }
    stream.pointee = ArrowStream.make(OneTable(table))
    return .ok
  }
}

@implementation @_cdecl("cjobs_tail_stream")
public func cjobs_tail_stream(
  _ tail: OpaquePointer!, _ stream: UnsafeMutablePointer<ArrowArrayStream>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "tail_stream") { () throws(Failure) in
    let tail = try require(tail, Tail.self, "tail")
    guard let stream else { throw invalid("The pointer that receives the stream is NULL.") }
    stream.pointee = ArrowStream.make(try TailBatches(tail))
    return .ok
  }
}
