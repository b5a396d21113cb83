import HTTPTypes
import Hummingbird

/// What every request passes through: the API key is checked, and whatever goes wrong further in
/// leaves as one of Connect's error bodies.
struct Gatekeeper: RouterMiddleware {
  typealias Context = BasicRequestContext

  let apiKey: String
  /// The paths that need no key, as Connect needs none for them.
  let open: Set<String>

  func handle(
    _ request: Request, context: Context,
    next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      if !open.contains(request.uri.path) { try check(request.headers) }
      return try await next(request, context)
    } catch let error as APIError {
      return error.response
    } catch let error as HTTPError where error.status == .notFound {
      return APIError.noSuchEndpoint.response
    } catch let error as HTTPError {
      return APIError.badRequest(error.body ?? "\(error.status)").response
    } catch {
      return APIError.internal(error).response
    }
  }

  private func check(_ headers: HTTPFields) throws {
    // The second header is for servers behind a proxy that keeps the first to itself.
    let forwarded = Self.behindProxy.flatMap { headers[$0] }
    guard let value = forwarded ?? headers[.authorization] else { throw APIError.noKey }
    guard value.hasPrefix("Key ") else { throw APIError.noKey }
    guard value.dropFirst(4) == apiKey else { throw APIError.wrongKey }
  }

  private static let behindProxy = HTTPField.Name("X-RSC-Authorization")
}
