import CPosix
import Glibc

/// The host's functions of a download.
package struct DownloadReceiver {
  package typealias Write =
    @convention(c) (UnsafeRawPointer?, Int, UnsafeMutableRawPointer?) -> CInt
  package typealias Progress = @convention(c) (Int64, Int64, UnsafeMutableRawPointer?) -> CInt

  let progress: Progress?
  let data: UnsafeMutableRawPointer?

  package init(progress: Progress?, data: UnsafeMutableRawPointer?) {
    self.progress = progress
    self.data = data
  }
}

extension Client {
  /// Streams the whole log to the host's function.
  package func download(
    _ job: JobName, filename: String?, write: @escaping DownloadReceiver.Write,
    _ receiver: DownloadReceiver, _ options: CallOptions
  ) throws(Failure) {
    try attempt("job_download", options) { call throws(Failure) in
      let sink = StreamSink(CallbackTarget(write, receiver.data), receiver, limit(options))
      try download(job, filename, sink, &call)
    }
  }

  /// Streams the whole log into a file, which is there whole or not at all.
  package func downloadFile(
    _ job: JobName, path: String, overwrite: Bool, _ receiver: DownloadReceiver,
    _ options: CallOptions
  ) throws(Failure) {
    try attempt("job_download_file", options) { call throws(Failure) in
      let file = try PartialFile(for: path, overwrite: overwrite)
      defer { file.discard() }
      try download(job, nil, StreamSink(file, receiver, limit(options)), &call)
      try file.publish()
    }
  }

  private func download(
    _ job: JobName, _ filename: String?, _ sink: StreamSink, _ call: inout Call
  ) throws(Failure) {
    var address = url(try path(job)) + "/download"
    if let filename {
      guard !filename.isEmpty, filename.utf8.count <= 1024,
        !filename.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f })
      else {
        throw Failure(
          .invalidArgument,
          "The filename is empty, very long, or has a control character. Give a plain name, or none."
        )
      }
      address += "?filename=\(PercentEncoding.encode(filename))"
    }
    try perform(Exchange(Request(url: address), sink, configuration), &call)
  }

  /// A log may be larger than any answer that makes a table: only the call itself limits it.
  private func limit(_ options: CallOptions) -> Int64? {
    options.maxResponseBytes > 0 ? options.maxResponseBytes : nil
  }
}

/// Where a download's bytes go in the end.
private protocol DownloadTarget: AnyObject {
  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure)
  /// Begins anew; false where what was written cannot be taken back.
  func restart() -> Bool
}

/// Counts a download's bytes, tells of them, and passes them on.
private final class StreamSink: BodySink {
  private let target: any DownloadTarget
  private let receiver: DownloadReceiver
  private let maxBytes: Int64?
  private var bytes: Int64 = 0
  private(set) var failure: Failure?

  init(_ target: any DownloadTarget, _ receiver: DownloadReceiver, _ maxBytes: Int64?) {
    self.target = target
    self.receiver = receiver
    self.maxBytes = maxBytes
  }

  func receive(_ received: UnsafeRawBufferPointer, _ transfer: Transfer) -> SinkVerdict {
    bytes += Int64(received.count)
    do throws(Failure) {
      if let maxBytes, bytes > maxBytes { throw Failure.responseTooLarge(maxBytes) }
      try target.write(received)
      try tell(transfer.announcedBytes ?? -1)
      return .taken
    } catch {
      failure = error
      return .refused
    }
  }

  func end(_ head: ResponseHead) throws(Failure) {
    try tell(bytes)
  }

  func restart() -> Bool {
    guard target.restart() else { return false }
    bytes = 0
    return true
  }

  private func tell(_ total: Int64) throws(Failure) {
    guard let progress = receiver.progress else { return }
    if progress(bytes, total, receiver.data) != 0 {
      throw Failure(.cancelled, "The download was cancelled by progress_fn.")
    }
  }
}

private final class CallbackTarget: DownloadTarget {
  private let function: DownloadReceiver.Write
  private let data: UnsafeMutableRawPointer?
  private var hasWritten = false

  init(_ function: @escaping DownloadReceiver.Write, _ data: UnsafeMutableRawPointer?) {
    self.function = function
    self.data = data
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    guard !bytes.isEmpty else { return }
    hasWritten = true
    if function(bytes.baseAddress, bytes.count, data) != 0 {
      throw Failure(.callback, "The download was ended by write_fn.")
    }
  }

  func restart() -> Bool { !hasWritten }
}

/// A file under a name of its own beside the final one, until it is whole.
private final class PartialFile: DownloadTarget {
  private let path: String
  private let overwrite: Bool
  private let partialPath: String
  private var descriptor: CInt

  init(for path: String, overwrite: Bool) throws(Failure) {
    guard !path.isEmpty else {
      throw Failure(.invalidArgument, "The path of the file is empty. Give the name of a file.")
    }
    self.path = path
    self.overwrite = overwrite
    try Self.checkTarget(path, overwrite)
    partialPath = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    descriptor = partialPath.withCString { cposix_open_new($0) }
    guard descriptor >= 0 else { throw Self.failure("cannot be written", path, errno) }
  }

  private static func checkTarget(_ path: String, _ overwrite: Bool) throws(Failure) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    if isOf(S_IFDIR, info) { throw failure("is a folder", path, EISDIR) }
    if !overwrite { throw failure("is there already", path, EEXIST) }
    // To replace a device, a pipe, or a link to one, is not what overwriting a file means.
    if stat(path, &info) == 0, !isOf(S_IFREG, info) {
      throw failure("is no plain file", path, EINVAL)
    }
  }

  private static func isOf(_ kind: mode_t, _ info: stat) -> Bool { info.st_mode & S_IFMT == kind }

  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    var rest = bytes
    while !rest.isEmpty {
      let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw Self.failure("cannot be written", path, errno)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  func restart() -> Bool {
    ftruncate(descriptor, 0) == 0 && lseek(descriptor, 0, SEEK_SET) == 0
  }

  /// Gives the file its name. Without `overwrite` a file that came meanwhile is left as it is.
  func publish() throws(Failure) {
    guard close(descriptor) == 0 else {
      descriptor = -1
      unlink(partialPath)
      throw Self.failure("cannot be written", path, errno)
    }
    descriptor = -1
    let flags: UInt32 = overwrite ? 0 : 1  // RENAME_NOREPLACE
    var renamed = cposix_rename(partialPath, path, flags)
    if renamed != 0, errno == EINVAL, !overwrite {
      // A file system without that flag: look once more, then rename.
      try Self.checkTarget(path, overwrite)
      renamed = cposix_rename(partialPath, path, 0)
    }
    guard renamed == 0 else {
      let reason = errno
      unlink(partialPath)
      throw Self.failure("cannot be given its name", path, reason)
    }
  }

  /// Removes what was not published.
  func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    unlink(partialPath)
  }

  private static func failure(_ what: String, _ path: String, _ reason: CInt) -> Failure {
    let remedy =
      reason == EEXIST
      ? "Give another name, or allow to overwrite it." : "Give the name of a file that can be made."
    return Failure(.io, "The file \(path.quoted) \(what) (\(SystemError.text(reason))). \(remedy)")
  }
}
