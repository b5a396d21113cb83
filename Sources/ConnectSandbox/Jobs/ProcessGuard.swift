import Glibc
import Subprocess
import SystemPackage

/// A second process, this same program, that outlives a sandbox which dies by SIGKILL just long
/// enough to end its jobs, whole process groups, and remove its temporary data.
///
/// PR_SET_PDEATHSIG would not do: swift-subprocess has no hook before exec, the signal comes when
/// the thread that forked ends rather than the process, and it reaches no grandchild.
final class ProcessGuard: Sendable {
  /// The hidden first argument that makes the program a guard.
  static let flag = "--guard-process-groups"

  private let writing: Int32
  private let process: Task<Void, any Error>

  /// `folder` is what to remove at the end, if anything.
  init(folder: String?) throws {
    let pipe = try Pipe()
    writing = pipe.writing
    // A guard's end must not be ours.
    signal(SIGPIPE, SIG_IGN)
    process = Task {
      var options = PlatformOptions()
      // Out of reach of the terminal's Ctrl-C.
      options.processGroupID = 0
      _ = try await Subprocess.run(
        .path("/proc/self/exe"),
        arguments: Arguments(
          executablePathOverride: "connect-sandbox",
          remainingValues: [Self.flag] + (folder.map { [$0] } ?? [])),
        platformOptions: options,
        input: .fileDescriptor(
          FileDescriptor(rawValue: pipe.reading), closeAfterSpawningProcess: true),
        output: .discarded, error: .discarded)
    }
  }

  func add(_ group: Int32) { tell("+\(group)\n") }
  func remove(_ group: Int32) { tell("-\(group)\n") }

  /// Lets the guard go and waits for it.
  func end() async {
    close(writing)
    _ = try? await process.value
  }

  private func tell(_ message: String) {
    let bytes = Array(message.utf8)
    _ = write(writing, bytes, bytes.count)
  }

  /// The guard's own `main`: remembers groups until its standard input ends, then ends them.
  static func run(folder: String?) {
    _ = fcntl(STDIN_FILENO, F_SETFL, 0)
    var groups: Set<Int32> = []
    while let line = readLine() {
      guard let group = Int32(line.dropFirst()), group > 1 else { continue }
      if line.hasPrefix("+") { groups.insert(group) } else { groups.remove(group) }
    }
    for group in groups { kill(-group, SIGKILL) }
    if let folder { DataFolder.remove(temporary: folder) }
  }
}
