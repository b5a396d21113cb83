/// One HTTP request of the API.
struct Request: Sendable {
  enum Method: Sendable {
    case get
    case delete
  }

  var method: Method = .get
  var url: String
  /// A tail asks for plain bytes: a compressor would hold lines back.
  var allowsCompression = true
  /// A follow has a connection of its own over HTTP/1.1: a paused HTTP/2 stream would stall others.
  var usesHTTP1 = false
  /// Of libcurl's receive buffer, in bytes. A large one saves turns through the kernel, and costs nothing
  /// where little comes.
  var bufferSize = 2048 * 1024
}

/// What a sink says of the bytes that it was given.
enum SinkVerdict {
  case taken
  /// Not taken: hold the sender back and give them again later.
  case notYet
  /// Not taken, and no more are wanted; ``BodySink/failure`` says why.
  case refused
}

/// Where the body of a successful answer goes, as it arrives.
protocol BodySink: AnyObject {
  var failure: Failure? { get }
  func receive(_ bytes: UnsafeRawBufferPointer, _ transfer: Transfer) -> SinkVerdict
  /// Ends the body.
  func end(_ head: ResponseHead) throws(Failure)
  /// Forgets what has come, for the request to be repeated; false where that cannot be.
  func restart() -> Bool
}
