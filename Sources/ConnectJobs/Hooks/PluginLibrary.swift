import CPosix
import Glibc

/// A shared library that is open as long as one of its functions is bound, or the host program.
final class PluginLibrary: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer
  /// For messages.
  let name: String

  private init(_ handle: UnsafeMutableRawPointer, _ name: String) {
    self.handle = handle
    self.name = name
  }

  deinit { dlclose(handle) }

  /// - Parameters:
  ///   - name: with a slash, a path; without one, a name that the system's loader looks for; `nil`:
  ///     the program itself and what it is linked with.
  ///   - allowWritable: a file that others may write is loaded all the same.
  static func open(_ name: String?, allowWritable: Bool) throws(Failure) -> PluginLibrary {
    guard let name else { return try load(nil, "the program itself") }
    guard !name.isEmpty else {
      throw Failure(
        .invalidArgument, "The library's name is empty. Give a path, a name, or NULL.")
    }
    guard name.utf8.contains(UInt8(ascii: "/")) else { return try load(name, name) }
    let file = try CheckedFile.open(name, allowWritable: allowWritable)
    let library = try load(file.path, name)
    guard file.isStillThere else {
      throw Failure(
        .configuration,
        "The library \(name.quoted) was exchanged while it was loaded. Load it again.")
    }
    return library
  }

  private static func load(_ path: String?, _ name: String) throws(Failure) -> PluginLibrary {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw Failure(
        .configuration,
        "The library \(name.quoted) cannot be loaded (\(problem)). Check that it is there, and made "
          + "for this machine.")
    }
    return PluginLibrary(handle, name)
  }

  private static var problem: String {
    guard let text = dlerror() else { return "the loader does not say why" }
    return String(cString: text).withoutControls
  }

  /// - Throws: `configuration` where it has no such function, or something else of that name.
  func function(_ symbol: String) throws(Failure) -> UnsafeRawPointer {
    _ = dlerror()
    guard let address = dlsym(handle, symbol) else {
      throw Failure(
        .configuration,
        "There is no function \(symbol.quoted) in \(name.quoted). Check its spelling, and that the "
          + "library shows it.")
    }
    // A variable of the thread is in nothing that was loaded.
    guard cposix_is_code(address) == 1 else { throw Self.isData(symbol) }
    return UnsafeRawPointer(address)
  }

  /// Refuses what is known to be data; of code that a host has made itself, the loader knows nothing.
  static func checkIsNoData(_ address: UnsafeRawPointer, _ symbol: String) throws(Failure) {
    guard cposix_is_code(address) != 0 else { throw isData(symbol) }
  }

  private static func isData(_ symbol: String) -> Failure {
    Failure(.configuration, "\(symbol.quoted) is data, not a function.")
  }
}

extension String {
  /// For messages: what others wrote may hold anything.
  var withoutControls: String {
    String(decoding: utf8.prefix(400).map { $0 < 0x20 || $0 == 0x7f ? 0x3f : $0 }, as: UTF8.self)
  }
}
