import Testing

@testable import ConnectJobs

@Suite("The server's address")
struct AddressTests {
  @Test(
    "is taken as a person would paste it",
    arguments: [
      ("https://connect.example.com", "https://connect.example.com"),
      ("https://connect.example.com/", "https://connect.example.com"),
      ("https://connect.example.com///", "https://connect.example.com"),
      ("https://connect.example.com/__api__", "https://connect.example.com"),
      ("https://connect.example.com/__api__/", "https://connect.example.com"),
      ("https://example.com/connect", "https://example.com/connect"),
      ("https://example.com/connect/", "https://example.com/connect"),
      ("https://example.com/connect/__api__/", "https://example.com/connect"),
      ("https://example.com/a/b//__api__", "https://example.com/a/b"),
      ("https://example.com/my__api__", "https://example.com/my__api__"),
      ("https://example.com/connect/#/apps/7c7f5b0e/access", "https://example.com/connect"),
      ("https://example.com#top", "https://example.com"),
      ("  https://example.com \n", "https://example.com"),
      ("\t\r\nhttps://example.com/\r\n", "https://example.com"),
      ("HTTPS://example.com/Connect", "https://example.com/Connect"),
      ("http://localhost:3939/", "http://localhost:3939"),
      ("http://[::1]:3939/__api__", "http://[::1]:3939"),
      ("https://[2001:db8::7]", "https://[2001:db8::7]"),
      ("https://example.com:1", "https://example.com:1"),
      ("https://example.com:65535/x%20y", "https://example.com:65535/x%20y"),
    ])
  func accepted(given: String, text: String) throws {
    #expect(try Address(given).text == text)
  }

  @Test(
    "that cannot be used is refused, with the variable's name and a right value",
    arguments: [
      ("", "has no scheme"), ("   ", "has no scheme"), ("connect.example.com", "has no scheme"),
      ("//connect.example.com", "has no scheme"), ("connect.example.com:3939", "has no scheme"),
      ("https:/example.com", "has no scheme"), ("https:example.com", "has no scheme"),
      ("://example.com", "has no scheme"), ("/connect", "has no scheme"),
      ("file:///etc/passwd", "is neither http"), ("ftp://example.com", "is neither http"),
      ("httpss://example.com", "is neither http"), ("data://x", "is neither http"),
      ("\u{1b}[31m://example.com", "is neither http"),
      ("https://", "names no host"), ("https:///connect", "names no host"),
      ("https://?x", "names no host"), ("https://:3939/", "names no host"),
      ("https://exa mple.com", "names no host"), ("https://exämple.com", "names no host"),
      ("https://exa\\mple.com", "names no host"), ("https://exa\0mple.com", "names no host"),
      ("https://exa\nmple.com", "names no host"), ("https://{host}", "names no host"),
      ("https://[::1", "names no host"), ("https://[]:80", "names no host"),
      ("https://::1/", "names no host"),
      ("https://example.com:", "no port"), ("https://example.com:https", "no port"),
      ("https://example.com:0", "no port"), ("https://example.com:65536", "no port"),
      ("https://example.com:-1", "no port"), ("https://[::1]3939", "no port"),
      ("https://example.com:99999999999999999999", "no port"),
      ("https://example.com/?x=1", "has characters"), ("https://example.com/a b", "has characters"),
      ("https://example.com/\u{7f}", "has characters"), ("https://example.com/ü", "has characters"),
      ("https://example.com/a\r\nX: y", "has characters"),
    ])
  func refused(given: String, why: String) throws {
    let refusal = try #require(failure { () throws(Failure) in try Address(given) })
    #expect(refusal.status == .configuration)
    #expect(refusal.message.contains(why), "\(refusal.message)")
    #expect(refusal.message.contains("CONNECT_SERVER"))
    #expect(refusal.message.contains("https://connect.example.com/"))
    #expect(!refusal.message.utf8.contains { $0 < 0x20 || $0 == 0x7f })
  }

  @Test(
    "with a user name or password is refused, and the message does not repeat it",
    arguments: [
      "https://ada:secret@example.com/", "https://secret@example.com", "https://ada:secret@",
      "https://ada:secret@exämple.com/", "https://ada:se cret@example.com", "https://@secret",
      "ftp://ada:secret@example.com", "ada:secret@example.com", "https://ada:secret@[::1]:3939/",
      "https://ada:secret@example.com/?x=1", "ada@secret://example.com",
    ])
  func userInfo(given: String) throws {
    let refusal = try #require(failure { () throws(Failure) in try Address(given) })
    #expect(refusal.status == .configuration)
    #expect(!refusal.message.contains("secret"), "\(refusal.message)")
    #expect(!refusal.message.contains("se cret"), "\(refusal.message)")
  }

  @Test("may have an @ in its path")
  func atInPath() throws {
    #expect(try Address("https://example.com/@ada").text == "https://example.com/@ada")
  }

  @Test("that is very long is shown cut in the message")
  func long() throws {
    let given = "gopher://" + String(repeating: "x", count: 10_000)
    let refusal = try #require(failure { () throws(Failure) in try Address(given) })
    #expect(refusal.message.utf8.count < 500)
  }

  @Test("says whether traffic is encrypted")
  func encryption() throws {
    #expect(try Address("https://example.com").isEncrypted)
    #expect(try !Address("http://example.com").isEncrypted)
  }

  @Test(
    "is on this machine only by the loopback's own names",
    arguments: [
      ("http://localhost", true), ("http://LOCALHOST:3939", true), ("http://127.0.0.1", true),
      ("http://127.8.9.10:80/x", true), ("http://[::1]:3939", true),
      ("http://localhost.example.com", false), ("http://127.0.0.1.example.com", false),
      ("http://127.example.com", false), ("http://128.0.0.1", false), ("http://[::2]", false),
      ("http://example.com/localhost", false),
    ])
  func loopback(given: String, isLoopback: Bool) throws {
    #expect(try Address(given).isLoopback == isLoopback)
  }
}

@Suite("An origin")
struct OriginTests {
  @Test(
    "is the same for addresses that reach the same server",
    arguments: [
      ("https://example.com", "https://example.com/"),
      ("https://example.com", "https://example.com:443/connect"),
      ("http://example.com:80", "http://example.com/x?y#z"),
      ("https://Example.COM/a", "HTTPS://example.com/b"),
      ("https://[2001:DB8::7]:443", "https://[2001:db8::7]"),
      ("https://example.com?x", "https://example.com#x"),
    ])
  func same(one: String, other: String) {
    #expect(Address.origin(of: one) == Address.origin(of: other))
    #expect(Address.origin(of: one) != nil)
  }

  @Test(
    "differs by scheme, host, port and user",
    arguments: [
      ("https://example.com", "http://example.com"),
      ("https://example.com", "https://example.com:8443"),
      ("https://example.com", "https://example.com:80"),
      ("http://example.com", "http://example.com:443"),
      ("https://example.com", "https://www.example.com"),
      ("https://example.com", "https://example.com.evil.net"),
      ("https://example.com", "https://example.com@evil.net"),
      ("https://example.com", "https://evil.net\\@example.com"),
      ("https://example.com", "https://example.com:443@evil.net"),
      ("https://example.com", "https://ada@example.com"),
      ("https://example.com", "https://exampl\u{0435}.com"),
      ("http://[::1]", "http://[::1]:8080"),
    ])
  func different(one: String, other: String) {
    #expect(Address.origin(of: one) != Address.origin(of: other))
  }

  @Test("is none where there is no scheme", arguments: ["", "example.com", "//example.com", "/x"])
  func none(text: String) {
    #expect(Address.origin(of: text) == nil)
  }
}
