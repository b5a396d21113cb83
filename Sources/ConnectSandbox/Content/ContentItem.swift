import Synchronization

/// A folder with a `content.json`: what Connect calls a content item.
final class ContentItem: Sendable {
  /// What a PATCH may change.
  struct Labels: Sendable {
    var name: String
    var title: String?
    var description: String
  }

  /// The number that Connect's older parts know it by; also that of its one variant and bundle.
  let id: Int
  let guid: String
  let folder: String
  let manifest: Manifest
  let createdTime: Int64
  private let guardedLabels: Mutex<Labels>

  init(id: Int, folder: String, folderName: String, manifest: Manifest) {
    self.id = id
    self.folder = folder
    self.manifest = manifest
    guid = manifest.guid?.lowercased() ?? GUID.derived(from: folderName)
    createdTime = Clock.now()
    guardedLabels = Mutex(
      Labels(
        name: manifest.name ?? folderName, title: manifest.title,
        description: manifest.description ?? ""))
  }

  /// Whether the key's owner may see its jobs and run it.
  var isMine: Bool { manifest.mine ?? true }

  var labels: Labels { guardedLabels.withLock { $0 } }

  func updateLabels(_ change: (inout sending Labels) -> Void) {
    guardedLabels.withLock { change(&$0) }
  }
}
