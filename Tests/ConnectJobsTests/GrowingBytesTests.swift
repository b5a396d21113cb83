import Testing

@testable import ConnectJobs

@Suite("Bytes that grow")
struct GrowingBytesTests {
  @Test("hold what was appended, in order, over many growths")
  func append() throws {
    var numbers = SeededNumbers()
    var bytes = GrowingBytes()
    var expected: [UInt8] = []
    for _ in 0..<2_000 {
      let part = (0..<Int.random(in: 0...100, using: &numbers)).map { _ in
        UInt8.random(in: 0...255, using: &numbers)
      }
      let isDone = part.withUnsafeBytes { part in
        part.baseAddress.map { bytes.append($0, part.count) } ?? true
      }
      #expect(isDone)
      expected += part
      if numbers.bool(50) {
        bytes.truncate(to: expected.count / 2)
        expected.removeLast(expected.count - expected.count / 2)
      }
    }
    bytes.truncate(to: .max)
    let finished = bytes.finish()
    let storage = try #require(finished)
    #expect(storage.count == expected.count)
    #expect(
      (0..<expected.count).map { storage.bytes.load(fromByteOffset: $0, as: UInt8.self) }
        == expected)
    #expect(bytes.count == 0)
  }

  @Test("make storage with a pointer and zeros behind it, also of nothing")
  func padding() throws {
    for count in [0, 1, 255, 256, 257] {
      var bytes = GrowingBytes()
      let isDone = bytes.append(repeating: 0xff, count)
      #expect(isDone)
      let finished = bytes.finish()
      let storage = try #require(finished)
      #expect(storage.count == count)
      for beyond in count..<count + 8 {
        #expect(storage.bytes.load(fromByteOffset: beyond, as: UInt8.self) == 0)
      }
    }
  }

  @Test("hold numbers of any width at any place")
  func numbers() throws {
    var bytes = GrowingBytes()
    let isDone = bytes.append(UInt8(1)) && bytes.append(Int64.min) && bytes.append(Int32.max)
    #expect(isDone)
    let finished = bytes.finish()
    let storage = try #require(finished)
    #expect(storage.count == 13)
    #expect(storage.bytes.loadUnaligned(fromByteOffset: 1, as: Int64.self) == .min)
    #expect(storage.bytes.loadUnaligned(fromByteOffset: 9, as: Int32.self) == .max)
  }
}
