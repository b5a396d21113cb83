import Foundation
import Hummingbird

/// The content items, and what Posit's own clients use to run one.
struct ContentRoutes: Sendable {
  let settings: Settings
  let lookup: Lookup
  let runner: JobRunner
  let tasks: TaskJSON
  /// For links.
  let address: ServerAddress

  static let user = "00000000-0000-4000-8000-000000000001"

  func add(to api: some RouterMethods<BasicRequestContext>) {
    api.get("server_settings") { _, _ in Response(json: serverSettings) }
    api.get("v1/user") { _, _ in Response(json: userJSON) }
    api.get("v1/content") { request, _ in list(request) }
    api.get("v1/content/{guid}") { _, context in Response(json: item(try lookup.content(context))) }
    api.patch("v1/content/{guid}") { request, context in try await patch(request, context) }
    api.post("v1/content/{guid}/render") { _, context in
      let job = try start(try lookup.myContent(context))
      return Response(json: ["task_id": .string(lookup.store.addTask(for: job))])
    }
    api.get("applications/{guid}/variants") { _, context in
      Response(json: [variant(of: try lookup.myContent(context))])
    }
    api.post("variants/{id}/render") { _, context in try renderVariant(context) }
    api.get("v1/tasks/{id}") { request, context in try await task(request, context) }
  }

  // MARK: Reading

  private func list(_ request: Request) -> Response {
    let name = request.uri.queryParameters["name"].map(String.init)
    let owner = request.uri.queryParameters["owner_guid"].map(String.init)
    let items = lookup.contents.items.filter { content in
      (name == nil || content.labels.name == name) && (owner == nil || owner == Self.user)
    }
    return Response(json: .array(items.map(item)))
  }

  private func item(_ content: ContentItem) -> JSON {
    let labels = content.labels
    let created = JSON(time: content.createdTime)
    return [
      "guid": .string(content.guid), "name": .string(labels.name), "title": JSON(labels.title),
      "description": .string(labels.description), "access_type": "acl", "locked": false,
      "locked_message": "", "connection_timeout": nil, "read_timeout": nil, "init_timeout": nil,
      "idle_timeout": nil, "max_processes": nil, "min_processes": nil,
      "max_conns_per_process": nil, "load_factor": nil, "created_time": created,
      "last_deployed_time": created, "bundle_id": .string(String(content.id)),
      "app_mode": .string(content.manifest.appMode ?? "unknown"), "content_category": "",
      "parameterized": false, "cluster_name": "Local", "image_name": nil, "r_version": nil,
      "py_version": nil, "quarto_version": nil, "run_as": nil, "run_as_current_user": false,
      "owner_guid": .string(Self.user),
      "content_url": .string("\(address.url)/content/\(content.guid)/"),
      "dashboard_url": .string("\(address.url)/connect/#/apps/\(content.guid)"),
      "app_role": .string(content.isMine ? "owner" : "viewer"), "id": .string(String(content.id)),
    ]
  }

  private var serverSettings: JSON {
    [
      "hostname": "localhost", "version": .string(settings.version.text),
      "build": "connect-sandbox", "about": "connect-sandbox: not Posit Connect",
      "authentication": ["handles_credentials": false, "name": "API key"],
      "license": ["ts": 0, "status": "activated", "expired": false],
    ]
  }

  private var userJSON: JSON {
    [
      "guid": .string(Self.user), "email": "sandbox@example.com", "username": "sandbox",
      "first_name": "Sandbox", "last_name": "User", "user_role": "publisher",
      "created_time": "2024-01-01T00:00:00Z", "updated_time": "2024-01-01T00:00:00Z",
      "active_time": "2024-01-01T00:00:00Z", "confirmed": true, "locked": false,
    ]
  }

  // MARK: Changing

  private struct Patch: Decodable {
    var name: String?
    var title: String?
    var description: String?
  }

  private func patch(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let content = try lookup.myContent(context)
    let body = try await request.body.collect(upTo: 1 << 20)
    if body.readableBytes > 0 {
      guard let patch = try? JSONDecoder().decode(Patch.self, from: Data(body.readableBytesView))
      else { throw APIError.badRequest("The request body is not valid JSON for a content item.") }
      content.updateLabels { labels in
        labels.name = patch.name ?? labels.name
        labels.title = patch.title ?? labels.title
        labels.description = patch.description ?? labels.description
      }
    }
    return Response(json: item(content))
  }

  // MARK: Running

  private func start(_ content: ContentItem) throws -> Job {
    guard !content.manifest.command.isEmpty else {
      throw APIError.badRequest("This content has no command: there is nothing to render.")
    }
    return try runner.start(content)
  }

  /// A content item has one variant, whose number is the item's own.
  private func variant(of content: ContentItem) -> JSON {
    [
      "id": .int(content.id), "app_id": .int(content.id), "key": "default",
      "bundle_id": .int(content.id), "is_default": true, "name": "default",
      "email_collaborators": false, "email_viewers": false, "email_all": false,
      "created_time": JSON(time: content.createdTime), "rendering_id": nil, "render_time": nil,
      "render_duration": nil, "visibility": 0, "owner_id": 1,
    ]
  }

  private func renderVariant(_ context: BasicRequestContext) throws -> Response {
    guard let content = lookup.contents.item(id: try context.parameters.require("id")) else {
      throw APIError.noSuchObject
    }
    guard content.isMine else { throw APIError.notPermitted }
    let job = try start(content)
    return Response(json: try tasks.json(id: lookup.store.addTask(for: job), job: job, first: 0))
  }

  private func task(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let id = try context.parameters.require("id")
    guard let job = lookup.store.job(ofTask: id) else { throw APIError.noSuchObject }
    let first = try number("first", in: request)
    await tasks.wait(for: job, seconds: try number("wait", in: request))
    return Response(json: try tasks.json(id: id, job: job, first: first))
  }

  private func number(_ name: Substring, in request: Request) throws -> Int {
    guard let text = request.uri.queryParameters[name] else { return 0 }
    guard let number = Int(text), number >= 0 else {
      throw APIError.badRequest("\(name) must be a number that is not negative.")
    }
    return number
  }
}
