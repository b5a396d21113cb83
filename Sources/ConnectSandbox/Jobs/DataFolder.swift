import Foundation

/// Where the jobs' logs are.
struct DataFolder: Sendable {
  let path: String
  let isTemporary: Bool

  private static let prefix = "connect-sandbox-"

  /// A folder that somebody chose, and that stays.
  init(kept path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    self.path = path
    isTemporary = false
  }

  private init(temporary path: String) {
    self.path = path
    isTemporary = true
  }

  /// A new one, that only its owner can read.
  static func temporary() throws -> DataFolder {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent(prefix + RandomText.make(length: 12))
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    return DataFolder(temporary: folder.path)
  }

  func remove() {
    if isTemporary { Self.remove(temporary: path) }
  }

  /// Removes what `temporary` made, and nothing else.
  static func remove(temporary path: String) {
    guard URL(fileURLWithPath: path).lastPathComponent.hasPrefix(prefix) else { return }
    try? FileManager.default.removeItem(atPath: path)
  }
}
