// The functions have the names that they have in C, and are documented in the header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CConnectJobs
import ConnectJobs

@implementation @_cdecl("cjobs_table_rows")
public func cjobs_table_rows(_ table: OpaquePointer!) -> Int64 {
  Int64(Handle<Table>.object(table)?.rows ?? 0)
}

@implementation @_cdecl("cjobs_table_columns")
public func cjobs_table_columns(_ table: OpaquePointer!) -> Int64 {
  Int64(Handle<Table>.object(table)?.columns.count ?? 0)
}

@implementation @_cdecl("cjobs_table_name")
public func cjobs_table_name(_ table: OpaquePointer!, _ column: Int64) -> UnsafePointer<CChar>! {
  found(table, column).map { cString($0.field.name) }
}

@implementation @_cdecl("cjobs_table_index")
public func cjobs_table_index(_ table: OpaquePointer!, _ name: UnsafePointer<CChar>!) -> Int64 {
  guard let table = Handle<Table>.object(table), let name,
    let wanted = String(validatingCString: name)
  else { return -1 }
  return Int64(table.columns.firstIndex { $0.field.name.description == wanted } ?? -1)
}

@implementation @_cdecl("cjobs_table_type")
public func cjobs_table_type(_ table: OpaquePointer!, _ column: Int64) -> Int32 {
  found(table, column)?.field.kind.rawValue ?? 0
}

@implementation @_cdecl("cjobs_table_null")
public func cjobs_table_null(
  _ table: OpaquePointer!, _ column: Int64, _ row: Int64, _ isNull: UnsafeMutablePointer<Int32>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "table_null") { () throws(Failure) in
    let found = try cell(table, column, row, [])
    guard let isNull else { throw invalid("The pointer that receives the result is NULL.") }
    isNull.pointee = found.isNull(Int(row)) ? 1 : 0
    return .ok
  }
}

@implementation @_cdecl("cjobs_table_text")
public func cjobs_table_text(
  _ table: OpaquePointer!, _ column: Int64, _ row: Int64,
  _ text: UnsafeMutablePointer<UnsafePointer<CChar>?>!, _ length: UnsafeMutablePointer<Int64>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "table_text") { () throws(Failure) in
    let found = try cell(table, column, row, [.text, .dictionary])
    guard let text, let length else {
      throw invalid("A pointer that receives the result is NULL.")
    }
    text.pointee = nil
    length.pointee = 0
    if found.isNull(Int(row)) { return .ok }
    let bytes = found.text(Int(row))
    text.pointee = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
    length.pointee = Int64(bytes.count)
    return .ok
  }
}

@implementation @_cdecl("cjobs_table_int")
public func cjobs_table_int(
  _ table: OpaquePointer!, _ column: Int64, _ row: Int64, _ value: UnsafeMutablePointer<Int64>!,
  _ isNull: UnsafeMutablePointer<Int32>!, _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "table_int") { () throws(Failure) in
    try number(try cell(table, column, row, [.int32, .int64, .bool]), Int(row), value, isNull)
  }
}

@implementation @_cdecl("cjobs_table_time")
public func cjobs_table_time(
  _ table: OpaquePointer!, _ column: Int64, _ row: Int64,
  _ nanoseconds: UnsafeMutablePointer<Int64>!, _ isNull: UnsafeMutablePointer<Int32>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "table_time") { () throws(Failure) in
    try number(try cell(table, column, row, [.timestamp]), Int(row), nanoseconds, isNull)
  }
}

@implementation @_cdecl("cjobs_table_column")
public func cjobs_table_column(
  _ table: OpaquePointer!, _ column: Int64, _ out: UnsafeMutablePointer<cjobs_column>!,
  _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "table_column") { () throws(Failure) in
    let table = try require(table, Table.self, "table")
    guard let out else { throw invalid("The pointer that receives the column is NULL.") }
    guard let column = found(column, table) else { throw noSuchColumn(column, table) }
    let size = out.pointee.struct_size
    guard isPossible(size) else {
      throw invalid("The struct_size of cjobs_column is \(size). Begin with CJOBS_COLUMN_INIT.")
    }
    let buffers = buffers(of: column, size)
    withUnsafeBytes(of: buffers) { bytes in
      let known = min(size, bytes.count)
      UnsafeMutableRawPointer(out).copyMemory(
        from: bytes.baseAddress ?? .init(out), byteCount: known)
    }
    return .ok
  }
}

@implementation @_cdecl("cjobs_table_slice")
public func cjobs_table_slice(
  _ table: OpaquePointer!, _ first: Int64, _ count: Int64,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "table_slice") { () throws(Failure) in
    let table = try require(table, Table.self, "table")
    guard let slice = table.slice(Int(first), Int(count)) else {
      throw notAllThere(first, count, table)
    }
    return Handle.make(slice)
  }
}

@implementation @_cdecl("cjobs_table_take")
public func cjobs_table_take(
  _ table: OpaquePointer!, _ rows: UnsafePointer<Int64>!, _ count: Int64,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  giving(out, error, "table_take") { () throws(Failure) in
    let table = try require(table, Table.self, "table")
    guard count >= 0 else { throw invalid("The number of rows is negative.") }
    guard count == 0 || rows != nil else {
      throw invalid("The list of rows is NULL, but its length is not 0.")
    }
    return Handle.make(
      try table.taking(UnsafeBufferPointer(start: rows, count: Int(count))))
  }
}

@implementation @_cdecl("cjobs_table_join")
public func cjobs_table_join(
  _ table: OpaquePointer!, _ column: Int64, _ first: Int64, _ count: Int64, _ separator: CChar,
  _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int64,
  _ length: UnsafeMutablePointer<Int64>!, _ error: UnsafeMutablePointer<OpaquePointer?>!
) -> cjobs_status {
  status(error, "table_join") { () throws(Failure) in
    let table = try require(table, Table.self, "table")
    guard let texts = found(column, table) else { throw noSuchColumn(column, table) }
    try require(texts, [.text, .dictionary])
    guard let length else { throw invalid("The pointer that receives the length is NULL.") }
    guard first >= 0, count >= 0, first <= table.rows, count <= Int64(table.rows) - first else {
      throw notAllThere(first, count, table)
    }
    let needed = texts.joinedCount(Int(first), Int(count))
    length.pointee = Int64(needed)
    if let buffer, capacity >= Int64(needed) {
      texts.join(Int(first), Int(count), UInt8(bitPattern: separator), into: buffer)
    }
    return .ok
  }
}

@implementation @_cdecl("cjobs_table_free")
public func cjobs_table_free(_ table: OpaquePointer!) { Handle<Table>.free(table) }

// MARK: Reading

private func found(_ table: OpaquePointer?, _ column: Int64) -> Column? {
  Handle<Table>.object(table).flatMap { found(column, $0) }
}

private func found(_ column: Int64, _ table: Table) -> Column? {
  column >= 0 && column < table.columns.count ? table.columns[Int(column)] : nil
}

private func require(_ column: Column, _ kinds: [ColumnKind]) throws(Failure) {
  guard kinds.contains(column.field.kind) else {
    throw invalid("The column \"\(column.field.name)\" is of another type: ask cjobs_table_type.")
  }
}

/// The column of a cell that is there. An empty list of kinds allows them all.
private func cell(
  _ handle: OpaquePointer?, _ column: Int64, _ row: Int64, _ kinds: [ColumnKind]
) throws(Failure) -> Column {
  let table = try require(handle, Table.self, "table")
  guard let found = found(column, table) else { throw noSuchColumn(column, table) }
  guard row >= 0, row < table.rows else {
    throw invalid("There is no row \(row): the table has \(table.rows).")
  }
  if !kinds.isEmpty { try require(found, kinds) }
  return found
}

private func noSuchColumn(_ column: Int64, _ table: Table) -> Failure {
  invalid("There is no column \(column): the table has \(table.columns.count).")
}

private func notAllThere(_ first: Int64, _ count: Int64, _ table: Table) -> Failure {
  invalid("The table has \(table.rows) rows; \(count) from \(first) on are not all there.")
}

private func number(
  _ column: Column, _ row: Int, _ value: UnsafeMutablePointer<Int64>?,
  _ isNull: UnsafeMutablePointer<Int32>?
) throws(Failure) -> Status {
  guard let value else { throw invalid("The pointer that receives the result is NULL.") }
  let absent = column.isNull(row)
  value.pointee = absent ? 0 : column.number(row)
  isNull?.pointee = absent ? 1 : 0
  return .ok
}

private func buffers(of column: Column, _ size: Int) -> cjobs_column {
  var out = cjobs_column()
  out.struct_size = size
  out.type = column.field.kind.rawValue
  out.length = Int64(column.length)
  out.offset = Int64(column.offset)
  out.null_count = Int64(column.nullCount)
  out.validity = column.validity.map { UnsafePointer($0.bytes.assumingMemoryBound(to: UInt8.self)) }
  out.values = UnsafeRawPointer(column.values.bytes)
  out.offsets = column.offsets.map { UnsafePointer($0.bytes.assumingMemoryBound(to: Int64.self)) }
  if let dictionary = column.dictionary {
    out.dictionary_length = Int64(dictionary.count)
    out.dictionary_values = UnsafePointer(
      dictionary.bytes.bytes.assumingMemoryBound(to: CChar.self))
    out.dictionary_offsets = UnsafePointer(
      dictionary.offsets.bytes.assumingMemoryBound(to: Int64.self))
  }
  return out
}
