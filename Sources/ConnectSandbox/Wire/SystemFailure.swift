import Glibc

/// A system call that failed: what was being done, and why it did not work.
struct SystemFailure: Error, CustomStringConvertible {
  let description: String

  init(_ action: String, code: Int32 = errno) {
    description = "Could not \(action): \(String(cString: strerror(code)))."
  }
}
