import CPosix
import Glibc

/// A file that is open for reading, and that nobody but root and this user can have put there: not
/// the file, and none of the folders and links on the way to it.
///
/// The way is walked by descriptor, part by part, so that what was checked is what was opened.
final class CheckedFile {
  let descriptor: CInt
  /// The whole path, without links.
  let path: String

  private init(_ descriptor: CInt, _ path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// - Parameter allowWritable: others may write it all the same.
  static func open(_ path: String, allowWritable: Bool) throws(Failure) -> CheckedFile {
    var walk = try Walk(path, allowWritable: allowWritable)
    defer { walk.end() }
    return try walk.file { CheckedFile($0, $1) }
  }

  /// Whether the path still leads to this file.
  var isStillThere: Bool {
    var mine = stat()
    var other = stat()
    return fstat(descriptor, &mine) == 0 && stat(path, &other) == 0
      && mine.st_dev == other.st_dev && mine.st_ino == other.st_ino
  }

  /// - Returns: `nil` where there are more bytes than that.
  func read(most: Int) throws(Failure) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw Failure(.io, "The file \(path.quoted) cannot be read (\(SystemError.text(errno))).")
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      if bytes.count > most { return nil }
    }
  }
}

/// The way to a file.
private struct Walk {
  private let given: String
  private let allowWritable: Bool
  private var folder: CInt
  private var names: [String] = []
  /// What is still to be walked, the next part last.
  private var parts: [String]
  private var links = 0

  private static let mostLinks = 40

  init(_ path: String, allowWritable: Bool) throws(Failure) {
    given = path
    self.allowWritable = allowWritable
    var whole = path
    if !path.hasPrefix("/") {
      guard let current = getcwd(nil, 0) else { throw Walk.unusable(path, errno) }
      whole = String(cString: current) + "/" + path
      free(current)
    }
    parts = Walk.parts(of: whole).reversed()
    folder = cposix_open_part(AT_FDCWD, "/")
    guard folder >= 0 else { throw Walk.unusable(path, errno) }
    do throws(Failure) {
      try check(folder)
    } catch {
      close(folder)
      throw error
    }
  }

  func end() { close(folder) }

  /// Walks to the end.
  mutating func file<File>(_ make: (CInt, String) -> File) throws(Failure) -> File {
    while let part = parts.popLast() {
      if part == ".." {
        if !names.isEmpty { names.removeLast() }
        try enter(part)
        continue
      }
      let next = cposix_open_part(folder, part)
      guard next >= 0 else { throw Walk.unusable(given, errno) }
      var info = stat()
      let isKnown = fstat(next, &info) == 0
      let reason = errno
      close(next)
      guard isKnown else { throw Walk.unusable(given, reason) }
      switch info.st_mode & S_IFMT {
      case S_IFLNK: try follow(part)
      case S_IFDIR:
        names.append(part)
        try enter(part)
      case S_IFREG where parts.isEmpty:
        names.append(part)
        return make(try openFile(part), path)
      default: throw Walk.unusable(given, parts.isEmpty ? EINVAL : ENOTDIR)
      }
    }
    throw Walk.unusable(given, EISDIR)
  }

  private var path: String {
    var path = ""
    for name in names { path += "/" + name }
    return path.isEmpty ? "/" : path
  }

  private static func parts(of path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String($0) ?? "" }.filter { $0 != "." }
  }

  /// Goes one folder on.
  private mutating func enter(_ part: String) throws(Failure) {
    let next = cposix_open_part(folder, part)
    guard next >= 0 else { throw Walk.unusable(given, errno) }
    close(folder)
    folder = next
    try check(next)
  }

  private mutating func follow(_ part: String) throws(Failure) {
    links += 1
    guard links <= Self.mostLinks else { throw Walk.unusable(given, ELOOP) }
    var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlinkat(folder, part, &target, target.count - 1)
    guard count > 0 else { throw Walk.unusable(given, errno) }
    let text = String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if text.hasPrefix("/") {
      let root = cposix_open_part(AT_FDCWD, "/")
      guard root >= 0 else { throw Walk.unusable(given, errno) }
      close(folder)
      folder = root
      names = []
    }
    parts += Walk.parts(of: text).reversed()
  }

  private func openFile(_ part: String) throws(Failure) -> CInt {
    let file = cposix_open_to_read(folder, part)
    guard file >= 0 else { throw Walk.unusable(given, errno) }
    do throws(Failure) {
      try check(file)
    } catch {
      close(file)
      throw error
    }
    return file
  }

  /// Throws where others than root and this user may write it.
  private func check(_ descriptor: CInt) throws(Failure) {
    guard !allowWritable else { return }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw Walk.unusable(given, errno) }
    guard info.st_uid == 0 || info.st_uid == geteuid() else { throw refused("belongs to another") }
    guard info.st_mode & 0o022 == 0 else { throw refused("can be written by others") }
  }

  private func refused(_ why: String) -> Failure {
    Failure(
      .configuration,
      "The file \(given.quoted) is not loaded: \(path.quoted) \(why). Take that right away "
        + "(chmod go-w), move the file, or say CJOBS_HOOKS_ALLOW_WRITABLE.")
  }

  private static func unusable(_ path: String, _ reason: CInt) -> Failure {
    let isOther = reason == EISDIR || reason == EINVAL
    return Failure(
      .configuration,
      "The file \(path.quoted) cannot be opened ("
        + (isOther ? "it is no regular file" : SystemError.text(reason))
        + "). Check the path, and who may read it.")
  }
}
