import Glibc
import Testing

@testable import ConnectJobs

/// The tests that change the process's environment, or read it: one after another.
@Suite("Under the process's environment", .serialized)
enum EnvironmentTests {}

extension EnvironmentTests {
  @Suite("A configuration")
  struct ConfigurationTests {
    @Test("has the defaults of the header where the options are silent")
    func defaults() throws {
      let made = try Configuration(.valid)
      #expect(made.address.text == "https://example.com")
      #expect(made.headers == ["Authorization: Key k3y"])
      #expect(made.userAgent == "connectjobs/0.1.0")
      #expect(made.caFile == nil)
      #expect(made.proxy == nil)
      #expect(!made.isInsecure)
      #expect(made.maxRetries == 3)
      #expect(made.connectTimeout == 15_000)
      #expect(made.requestTimeout == nil)
      #expect(made.idleTimeout == 60_000)
      #expect(made.maxResponseBytes == 2_147_483_648)
      #expect(made.maxEntryBytes == 16_777_216)
    }

    @Test("takes positive limits as they are, and negative ones as none")
    func limits() throws {
      var options = ClientOptions.valid
      options.maxRetries = 7
      options.connectTimeout = 1
      options.requestTimeout = 2
      options.idleTimeout = 3
      options.maxResponseBytes = 4
      options.maxEntryBytes = .max
      var made = try Configuration(options)
      #expect(made.maxRetries == 7)
      #expect(made.connectTimeout == 1)
      #expect(made.requestTimeout == 2)
      #expect(made.idleTimeout == 3)
      #expect(made.maxResponseBytes == 4)
      #expect(made.maxEntryBytes == .max)
      options.maxRetries = .min
      options.connectTimeout = -1
      options.requestTimeout = -2
      options.idleTimeout = .min
      options.maxResponseBytes = -1
      options.maxEntryBytes = -1
      made = try Configuration(options)
      #expect(made.maxRetries == 0)
      #expect(made.connectTimeout == nil)
      #expect(made.requestTimeout == nil)
      #expect(made.idleTimeout == nil)
      #expect(made.maxResponseBytes == nil)
      #expect(made.maxEntryBytes == nil)
    }

    @Test("comes from the environment where the options leave it open")
    func environment() throws {
      try withEnvironment([
        "CONNECT_SERVER": "http://localhost:3939/", "CONNECT_API_KEY": "fromTheEnvironment",
        "CONNECT_INSECURE": "1", "CONNECT_CA_CERTIFICATE": "/dev/null",
      ]) {
        let made = try Configuration(ClientOptions())
        #expect(made.address.text == "http://localhost:3939")
        #expect(made.apiKey == "fromTheEnvironment")
        #expect(made.isInsecure)
        #expect(made.caFile == "/dev/null")
      }
    }

    @Test("prefers an option over the environment")
    func precedence() throws {
      try withEnvironment([
        "CONNECT_SERVER": "http://other.example.com", "CONNECT_API_KEY": "other",
        "CONNECT_INSECURE": "1", "CONNECT_CA_CERTIFICATE": "/nowhere",
      ]) {
        var options = ClientOptions.valid
        options.insecure = -1
        options.caFile = "/dev/null"
        let made = try Configuration(options)
        #expect(made.address.text == "https://example.com")
        #expect(made.apiKey == "k3y")
        #expect(!made.isInsecure)
        #expect(made.caFile == "/dev/null")
      }
    }

    @Test("without a server says which variable to set, and what a right value is")
    func noServer() throws {
      var options = ClientOptions.valid
      options.server = nil
      for value in [nil, ""] as [String?] {
        let refusal = try #require(whyRefused(options, ["CONNECT_SERVER": value]))
        #expect(refusal.message.contains("No server"))
        #expect(refusal.message.contains("CONNECT_SERVER"))
        #expect(refusal.message.contains("https://connect.example.com/"))
      }
      options.server = ""
      #expect(whyRefused(options, ["CONNECT_SERVER": "https://example.com"]) != nil)
    }

    @Test("without a key says which variable to set, and how to get one")
    func noKey() throws {
      var options = ClientOptions.valid
      options.apiKey = nil
      for value in [nil, ""] as [String?] {
        let refusal = try #require(whyRefused(options, ["CONNECT_API_KEY": value]))
        #expect(refusal.message.contains("No API key"))
        #expect(refusal.message.contains("CONNECT_API_KEY"))
      }
    }

    @Test(
      "refuses a key that no header can carry, without repeating it",
      arguments: [
        "k3y\r\nX-Evil: 1", "k3y\n", "k3y\0", " k3y", "k3y ", "k 3y", "k3ÿ", "\"k3y\u{7f}\"",
        "k\t3y",
      ])
    func keyInjection(key: String) throws {
      var options = ClientOptions.valid
      options.apiKey = key
      let refusal = try #require(whyRefused(options))
      #expect(refusal.message.contains("CONNECT_API_KEY"))
      #expect(!refusal.message.contains("3y"))
      #expect(!refusal.message.contains("3ÿ"))
    }

    @Test("carries the key in the header that is asked for, and other headers beside it")
    func headers() throws {
      var options = ClientOptions.valid
      options.authHeader = "X-RSC-Authorization"
      options.headers = ["Authorization: Snowflake Token=\"x\"", "X-Trace:1", "X-Empty:"]
      let made = try Configuration(options)
      #expect(
        made.headers == [
          "X-RSC-Authorization: Key k3y", "Authorization: Snowflake Token=\"x\"", "X-Trace:1",
          "X-Empty:",
        ])
    }

    @Test(
      "refuses a name that is no header's",
      arguments: [
        "", " ", "X Y", "X:", "X-Key: 1\r\nX-Evil", "X\r\n", "X\0", "Ü", "X(Y)", "X/Y", "X\u{7f}",
      ])
    func headerName(name: String) throws {
      var options = ClientOptions.valid
      options.authHeader = name
      #expect(try #require(whyRefused(options)).message.contains("auth_header"))
    }

    @Test(
      "refuses header lines that are none, or hold more than one",
      arguments: [
        "", ":", ": x", "X", "X;", "X Y: z", "X : y", "X: y\r\nX-Evil: 1", "X: y\n", "X: y\rz",
        "X: a\0b", "X\r\n: y", "X: \u{1b}[0m", "X: \u{7f}", "X:\u{301} y",
      ])
    func headerLine(line: String) throws {
      var options = ClientOptions.valid
      options.headers = ["X-Fine: 1", line]
      #expect(try #require(whyRefused(options)).message.contains("headers"))
    }

    @Test("takes any text as the user agent, but no control character")
    func userAgent() throws {
      var options = ClientOptions.valid
      options.userAgent = "report/1.0 (ünïcode; 😀)"
      #expect(try Configuration(options).userAgent == "report/1.0 (ünïcode; 😀)")
      for agent in ["x\r\nX-Evil: 1", "x\0", "\t", "\u{7f}"] {
        options.userAgent = agent
        #expect(try #require(whyRefused(options)).message.contains("user_agent"))
      }
    }

    @Test("verifies TLS unless the option, or a variable that plainly says so, ends that")
    func insecure() throws {
      for value in ["1", "true", "TRUE", "True", "yes", "on", "t", "y", " 1 "] {
        #expect(try isInsecure(0, value), "CONNECT_INSECURE=\(value)")
      }
      for value in [nil, "", "0", "false", "FALSE", "no", "off", "f", "n", " 0", "00", "x", "2 "]
        as [String?]
      {
        #expect(try !isInsecure(0, value), "CONNECT_INSECURE=\(value ?? "unset")")
      }
      #expect(try isInsecure(1, nil))
      #expect(try isInsecure(1, "0"))
      #expect(try !isInsecure(-1, "1"))
    }

    @Test("says why a CA certificate cannot be read, and takes an empty path for none")
    func caFile() throws {
      var options = ClientOptions.valid
      options.caFile = "/nowhere/ca.pem"
      let refusal = try #require(whyRefused(options))
      #expect(refusal.message.contains("/nowhere/ca.pem"))
      #expect(refusal.message.contains("No such file or directory"))
      #expect(refusal.message.contains("CONNECT_CA_CERTIFICATE"))
      options.caFile = ""
      #expect(try Configuration(options).caFile == nil)
    }

    private func isInsecure(_ option: Int32, _ variable: String?) throws -> Bool {
      var options = ClientOptions.valid
      options.insecure = option
      return try withEnvironment(["CONNECT_INSECURE": variable]) {
        try Configuration(options).isInsecure
      }
    }

    private func whyRefused(_ options: ClientOptions, _ variables: [String: String?] = [:])
      -> Failure?
    {
      let found = withEnvironment(variables) {
        failure { () throws(Failure) in try Configuration(options) }
      }
      #expect(found?.status ?? .configuration == .configuration)
      return found
    }
  }
}

extension ClientOptions {
  /// The least that makes a configuration.
  static var valid: ClientOptions {
    var options = ClientOptions()
    options.server = "https://example.com"
    options.apiKey = "k3y"
    return options
  }
}

/// Runs with these variables of ours set, or unset, and no others; then all are as they were.
private func withEnvironment<Result>(
  _ variables: [String: String?], _ body: () throws -> Result
) rethrows -> Result {
  // Read before anything changes: another thread may want it meanwhile.
  _ = SeededNumbers.seedOfThisRun
  let ours = ["CONNECT_SERVER", "CONNECT_API_KEY", "CONNECT_INSECURE", "CONNECT_CA_CERTIFICATE"]
  let before = ours.map { getenv($0).map { String(cString: $0) } }
  defer { for (name, value) in zip(ours, before) { set(name, value) } }
  for name in ours { set(name, variables[name] ?? nil) }
  return try body()
}

private func set(_ name: String, _ value: String?) {
  if let value { setenv(name, value, 1) } else { unsetenv(name) }
}
