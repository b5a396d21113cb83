import Hummingbird

/// Bodies that stream a log from disk. A piece is read when the one before has gone out, so a
/// client that reads slowly slows the reading, and memory does not grow with the log.
enum LogBodies {
  /// `/log`: one document, of the lines from `first` to what was there at the time.
  static func document(_ log: LogFile, from first: Int, count: Int) -> ResponseBody {
    ResponseBody { output in
      let reader = try LogReader(log)
      let end = log.extent.bytes
      var writer = EntryWriter.document
      var out: [UInt8] = []
      writer.open(&out)
      try reader.seek(toLine: first)
      var left = count
      while left > 0 {
        let seen = try reader.read(upTo: end, atMost: left) { writer.add($0, to: &out) }
        guard seen > 0 else { break }
        left -= seen
        try await send(&out, to: &output)
      }
      writer.close(&out)
      try await send(&out, to: &output)
      try await output.finish(nil)
    }
  }

  /// `/download`: text, all of what was there at the time.
  static func text(_ log: LogFile) -> ResponseBody {
    ResponseBody { output in
      let reader = try LogReader(log)
      let end = log.extent.bytes
      var writer = TextWriter()
      var out: [UInt8] = []
      while try reader.read(upTo: end, line: { writer.add($0, to: &out) }) > 0 {
        try await send(&out, to: &output)
      }
      try await output.finish(nil)
    }
  }

  /// The older servers' job: its fields, and its output as two long strings.
  static func oldJob(_ fields: [(String, JSON)], _ log: LogFile) -> ResponseBody {
    ResponseBody { output in
      let end = log.extent.bytes
      var out = Array(JSON.object(fields).bytes.dropLast())
      for source in LogSource.allCases {
        out.append(contentsOf: ",\"\(source.name)\":\"".utf8)
        let reader = try LogReader(log)
        var writer = TextWriter()
        while try reader.read(
          upTo: end, line: { if $0.source == source { writer.addEscaped($0, to: &out) } }) > 0
        {
          try await send(&out, to: &output)
        }
        out.append(UInt8(ascii: "\""))
      }
      out.append(UInt8(ascii: "}"))
      try await send(&out, to: &output)
      try await output.finish(nil)
    }
  }

  /// `/tail`: what there is, then every line as it comes, until the job is finalized.
  static func tail(
    _ job: Job, framing: Framing, replays: Bool, request: Request
  ) throws -> ResponseBody {
    // Opened before the answer begins: "now" is when the request came.
    let reader = Carried(try LogReader(job.log))
    if !replays { reader.value.seekToEnd() }
    return ResponseBody { output in
      let sender = Carried(output)
      // While a job is silent nothing is written that could fail; so the client's end of the
      // connection is watched, and the tail cancelled when it closes.
      try await request.body.consumeWithCancellationOnInboundClose { _ in
        try await follow(job, reader.value, EntryWriter(framing), &sender.value)
      }
      try await sender.value.finish(nil)
    }
  }

  private static func follow(
    _ job: Job, _ reader: LogReader, _ writer: EntryWriter,
    _ output: inout any ResponseBodyWriter
  ) async throws {
    var writer = writer
    var out: [UInt8] = []
    writer.open(&out)
    try await send(&out, to: &output)
    while true {
      let seen = job.changes.count
      // Asked before reading: what is finalized now will have no further line.
      let isOver = job.state.status == .finalized
      while try reader.read(upTo: job.log.extent.bytes, line: { writer.add($0, to: &out) }) > 0 {
        try await send(&out, to: &output)
      }
      if isOver { break }
      await job.changes.wait(after: seen)
      try Task.checkCancellation()
    }
    writer.close(&out)
    try await send(&out, to: &output)
  }

  /// Returns when the connection has taken the bytes, which is where a slow client is felt.
  private static func send(
    _ bytes: inout [UInt8], to output: inout any ResponseBodyWriter
  ) async throws {
    guard !bytes.isEmpty else { return }
    try await output.write(ByteBuffer(bytes: bytes))
    bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
  }
}

/// Takes a value into a closure that the compiler believes to run at the same time as others. It
/// does not: one request's body is written by one task at a time.
private final class Carried<Value>: @unchecked Sendable {
  var value: Value
  init(_ value: Value) { self.value = value }
}
