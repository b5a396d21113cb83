import Foundation

/// The content items: the folders of one folder, read once at the start.
struct ContentStore: Sendable {
  let items: [ContentItem]
  private let byGUID: [String: ContentItem]

  init(folder: String) throws {
    let root = URL(fileURLWithPath: folder).standardizedFileURL
    let names = try Self.folders(in: root)
    var items: [ContentItem] = []
    var byGUID: [String: ContentItem] = [:]
    for (index, name) in names.enumerated() {
      let path = root.appendingPathComponent(name)
      let item = ContentItem(
        id: index + 1, folder: path.path, folderName: name, manifest: try Self.manifest(in: path))
      if let other = byGUID.updateValue(item, forKey: item.guid) {
        throw ManifestError("\(item.folder) and \(other.folder) have the same guid \(item.guid).")
      }
      items.append(item)
    }
    self.items = items
    self.byGUID = byGUID
  }

  func item(guid: String) -> ContentItem? { byGUID[guid.lowercased()] }

  /// The item with this number, or whose one variant has it.
  func item(id: String) -> ContentItem? {
    Int(id).flatMap { id in items.first { $0.id == id } }
  }

  /// Those with a manifest, in the order of their names.
  private static func folders(in root: URL) throws -> [String] {
    let files = FileManager.default
    guard let names = try? files.contentsOfDirectory(atPath: root.path) else {
      throw ManifestError("The content folder \(root.path) cannot be read.")
    }
    return names.sorted().filter { name in
      files.fileExists(
        atPath: root.appendingPathComponent(name).appendingPathComponent(Manifest.fileName).path)
    }
  }

  private static func manifest(in folder: URL) throws -> Manifest {
    let file = folder.appendingPathComponent(Manifest.fileName)
    do {
      return try Manifest.parse(try Data(contentsOf: file))
    } catch let error as ManifestError {
      throw ManifestError("\(file.path): \(error).")
    }
  }
}
