import CPosix
import Glibc

/// A host's function that is asked, on the calling thread, whether to go on.
package struct InterruptCheck: @unchecked Sendable {
  let function: @convention(c) (UnsafeMutableRawPointer?) -> CInt
  let data: UnsafeMutableRawPointer?

  package init(
    _ function: @escaping @convention(c) (UnsafeMutableRawPointer?) -> CInt,
    data: UnsafeMutableRawPointer?
  ) {
    self.function = function
    self.data = data
  }

  var wantsToStop: Bool { function(data) != 0 }
}

/// A host's function that takes messages, on the calling thread.
package struct LogReceiver: @unchecked Sendable {
  package enum Level: Int32, Sendable {
    case debug = 1
    case warning = 2
  }

  let function: @convention(c) (Int32, UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Void
  let data: UnsafeMutableRawPointer?

  package init(
    _ function:
      @escaping @convention(c) (Int32, UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Void,
    data: UnsafeMutableRawPointer?
  ) {
    self.function = function
    self.data = data
  }

  func log(_ level: Level, _ message: String) {
    message.withCString { function(level.rawValue, $0, data) }
  }
}

/// What a host says of a server before it is checked. `nil` and 0 mean the default.
package struct ClientOptions: Sendable {
  package var server: String?
  package var apiKey: String?
  package var authHeader: String?
  package var headers: [String] = []
  package var caFile: String?
  package var proxy: String?
  package var userAgent: String?
  package var insecure: Int32 = 0
  package var maxRetries: Int32 = 0
  package var connectTimeout: Int64 = 0
  package var requestTimeout: Int64 = 0
  package var idleTimeout: Int64 = 0
  package var maxResponseBytes: Int64 = 0
  package var maxEntryBytes: Int64 = 0
  package var interrupt: InterruptCheck?
  package var log: LogReceiver?

  package init() {}
}

/// A checked configuration: every default is filled in. Times are in milliseconds; `nil` means no
/// limit.
package struct Configuration: Sendable {
  package let address: Address
  let apiKey: String
  let headers: [String]
  let caFile: String?
  let proxy: String?
  let userAgent: String
  let isInsecure: Bool
  let maxRetries: Int
  let connectTimeout: Int64?
  let requestTimeout: Int64?
  let idleTimeout: Int64?
  let maxResponseBytes: Int64?
  let maxEntryBytes: Int64?
  let interrupt: InterruptCheck?
  let log: LogReceiver?

  package init(_ options: ClientOptions) throws(Failure) {
    guard let server = options.server ?? Environment.value("CONNECT_SERVER"), !server.isEmpty else {
      throw Failure(
        .configuration,
        "No server is given. Set CONNECT_SERVER, or the option server, to an address such as "
          + "https://connect.example.com/.")
    }
    address = try Address(server)
    apiKey = try Self.key(options)
    headers =
      ["\(try Self.headerName(options)): Key \(apiKey)"] + (try Self.extraHeaders(options.headers))
    caFile = try Self.caFile(options)
    proxy = options.proxy
    userAgent = try Self.headerValue(
      options.userAgent ?? "connectjobs/\(Version.text)", of: "user_agent")
    isInsecure = Self.isInsecure(options)
    maxRetries = options.maxRetries == 0 ? 3 : max(0, Int(options.maxRetries))
    connectTimeout = Self.limit(options.connectTimeout, 15_000)
    requestTimeout = Self.limit(options.requestTimeout, nil)
    idleTimeout = Self.limit(options.idleTimeout, 60_000)
    maxResponseBytes = Self.limit(options.maxResponseBytes, 2 << 30)
    maxEntryBytes = Self.limit(options.maxEntryBytes, 16 << 20)
    interrupt = options.interrupt
    log = options.log
  }

  private static func limit(_ given: Int64, _ normally: Int64?) -> Int64? {
    given == 0 ? normally : given < 0 ? nil : given
  }

  private static func key(_ options: ClientOptions) throws(Failure) -> String {
    guard let key = options.apiKey ?? Environment.value("CONNECT_API_KEY"), !key.isEmpty else {
      throw Failure(
        .configuration,
        "No API key is given. Make one in Connect under your name, API Keys, and set "
          + "CONNECT_API_KEY, or the option api_key, to it, such as "
          + "\"xa1b2C3d4E5f6G7h8J9k0LmNoPqRsTuV\".")
    }
    guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw Failure(
        .configuration,
        "The API key has a space or a character that no header can carry. Copy it again into "
          + "CONNECT_API_KEY or the option api_key, without quotes and line ends.")
    }
    return key
  }

  private static func headerName(_ options: ClientOptions) throws(Failure) -> String {
    let name = options.authHeader ?? "Authorization"
    guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
      throw Failure(
        .configuration,
        "The option auth_header, \(name.quoted), is no header's name. Give one such as "
          + "\"X-RSC-Authorization\".")
    }
    return name
  }

  private static func extraHeaders(_ lines: [String]) throws(Failure) -> [String] {
    for line in lines {
      let name = line.prefix { $0 != ":" }
      guard name.count < line.count, !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
        throw Failure(
          .configuration, "One of the option headers is not of the form \"Name: value\".")
      }
      _ = try headerValue(line, of: "headers")
    }
    return lines
  }

  private static func headerValue(_ text: String, of option: String) throws(Failure) -> String {
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
      throw Failure(
        .configuration, "The option \(option) has a control character; no header can carry it.")
    }
    return text
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7f && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
  }

  private static func caFile(_ options: ClientOptions) throws(Failure) -> String? {
    let given = options.caFile ?? Environment.value("CONNECT_CA_CERTIFICATE")
    guard let path = given, !path.isEmpty else { return nil }
    guard access(path, R_OK) == 0 else {
      throw Failure(
        .configuration,
        "The CA certificate \(path.quoted) cannot be read (\(SystemError.text(errno))). Set "
          + "CONNECT_CA_CERTIFICATE, or the option ca_file, to a PEM file such as "
          + "/etc/ssl/certs/company-ca.pem.")
    }
    return path
  }

  private static func isInsecure(_ options: ClientOptions) -> Bool {
    guard options.insecure == 0 else { return options.insecure > 0 }
    guard let text = Environment.value("CONNECT_INSECURE") else { return false }
    // Only what plainly says so ends the verification; a slip of the pen does not.
    return ["1", "true", "t", "yes", "y", "on"].contains(text.trimmingSpaces().lowercased())
  }
}

/// The library's version.
package enum Version {
  package static let text: StaticString = "0.1.0"
  package static let abi: Int32 = 1
}

/// The variables of the host's environment; the names are in the header.
enum Environment {
  static func value(_ name: StaticString) -> String? {
    let pointer = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    guard let found = getenv(pointer) else { return nil }
    return String(cString: found)
  }
}

/// The system's word for an error number; English, whatever the locale.
enum SystemError {
  static func text(_ number: CInt) -> String {
    guard let text = cposix_error_text(number) else { return "error \(number)" }
    return String(cString: text)
  }
}
