/// The keys of a server's records, in the order in which it writes them, which is the same in all of
/// them: each with the brace or comma before it, the colon behind, and the space that it uses. Bytes
/// that are the same as last time mean the same as last time.
struct KeySequence {
  private struct Place {
    /// Up to 24 bytes; what is beyond `length` counts as zero.
    var bytes: (UInt64, UInt64, UInt64) = (0, 0, 0)
    var mask: (UInt64, UInt64, UInt64) = (0, 0, 0)
    /// 0: nothing is known.
    var length = 0
    /// `nil`: it is none of ours.
    var column: UnsafeMutablePointer<ColumnBuilder>?
  }

  private let table: TableBuilder
  private let places: UnsafeMutablePointer<Place>
  private static let most = 64
  private static let longest = 24

  init(_ table: TableBuilder) {
    self.table = table
    places = .allocate(capacity: Self.most)
    places.initialize(repeating: Place(), count: Self.most)
  }

  func release() { places.deallocate() }

  /// The column of what stands here, and where it ends; `nil`: it is not what it was last time.
  @inline(__always)
  func match(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ place: Int
  ) -> (column: UnsafeMutablePointer<ColumnBuilder>?, end: UnsafePointer<UInt8>)? {
    guard place < Self.most, end - start > Self.longest else { return nil }
    let known = places + place
    let bytes = Self.load(start)
    let differs =
      (bytes.0 & known.pointee.mask.0 ^ known.pointee.bytes.0)
      | (bytes.1 & known.pointee.mask.1 ^ known.pointee.bytes.1)
      | (bytes.2 & known.pointee.mask.2 ^ known.pointee.bytes.2)
    guard differs == 0, known.pointee.length > 0 else { return nil }
    return (known.pointee.column, start + known.pointee.length)
  }

  /// Keeps what stands before a value for the next record, where it is not too long.
  func learn(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ place: Int, column: Int?
  ) {
    let length = end - start
    guard place < Self.most, length <= Self.longest else { return }
    var known = Place()
    withUnsafeMutableBytes(of: &known.bytes) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: start, count: length))
    }
    withUnsafeMutableBytes(of: &known.mask) { mask in
      for index in 0..<length { mask[index] = 0xff }
    }
    known.length = length
    known.column = column.map { table.columns + $0 }
    places[place] = known
  }

  @inline(__always)
  private static func load(_ start: UnsafePointer<UInt8>) -> (UInt64, UInt64, UInt64) {
    let bytes = UnsafeRawPointer(start)
    return (
      bytes.loadUnaligned(as: UInt64.self),
      bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
      bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
    )
  }
}
