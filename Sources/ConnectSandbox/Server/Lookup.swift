import Hummingbird

/// From what a path names to what it means, or the error that Connect would give.
struct Lookup: Sendable {
  let contents: ContentStore
  let store: JobStore

  func content(_ context: BasicRequestContext) throws -> ContentItem {
    let guid = try context.parameters.require("guid")
    guard GUID.isValid(guid) else { throw APIError.invalidID }
    guard let item = contents.item(guid: guid) else { throw APIError.noSuchObject }
    return item
  }

  /// Content whose jobs the key's owner may see.
  func myContent(_ context: BasicRequestContext) throws -> ContentItem {
    let item = try content(context)
    guard item.isMine else { throw APIError.notPermitted }
    return item
  }

  func job(_ context: BasicRequestContext) throws -> Job {
    let content = try myContent(context)
    guard let job = store.job(of: content, key: try context.parameters.require("key")) else {
      throw APIError.noSuchObject
    }
    return job
  }
}
