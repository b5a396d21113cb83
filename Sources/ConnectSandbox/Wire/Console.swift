import Glibc

/// What the sandbox itself says: one line on stdout when it is ready, warnings on stderr.
enum Console {
  static func say(_ line: String) { write(line, to: STDOUT_FILENO) }
  static func warn(_ line: String) { write("connect-sandbox: \(line)", to: STDERR_FILENO) }

  /// Unbuffered, so that a script that waits for the line gets it.
  private static func write(_ line: String, to descriptor: Int32) {
    let bytes = Array((line + "\n").utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
  }
}
