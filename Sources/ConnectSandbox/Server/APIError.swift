import Hummingbird

/// An answer that says no, as Connect says it: a status, a code of its own, a sentence.
struct APIError: Error {
  let status: HTTPResponse.Status
  let code: Int
  let message: String

  static let invalidID = APIError(
    status: .badRequest, code: 3, message: "The requested object ID is not valid.")
  static let noSuchObject = APIError(
    status: .notFound, code: 4, message: "The requested object does not exist.")
  static let noSuchEndpoint = APIError(
    status: .notFound, code: 2, message: "The requested method or endpoint is not supported.")
  static let notPermitted = APIError(
    status: .forbidden, code: 19, message: "You don't have permission to access this item.")
  static let noKey = APIError(
    status: .unauthorized, code: 24, message: "You must be logged in to perform this operation.")
  static let wrongKey = APIError(
    status: .unauthorized, code: 30, message: "The credentials provided are not valid.")
  static let notActive = APIError(
    status: .conflict, code: 163,
    message: "The specified job cannot be terminated because it is not active.")

  static func badRequest(_ message: String) -> APIError {
    APIError(status: .badRequest, code: 3, message: message)
  }

  static func `internal`(_ error: any Error) -> APIError {
    APIError(status: .internalServerError, code: 1, message: "\(error)")
  }

  var response: Response {
    Response(
      json: ["code": .int(code), "error": .string(message), "payload": nil], status: status)
  }
}

extension Response {
  init(json: JSON, status: HTTPResponse.Status = .ok) {
    self.init(
      status: status, headers: [.contentType: "application/json; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes)))
  }

  init(text: String, status: HTTPResponse.Status = .ok) {
    self.init(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
