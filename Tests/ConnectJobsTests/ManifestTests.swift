import Testing

@testable import ConnectJobs

@Suite("A plugin's manifest")
struct ManifestTests {
  private func read(_ text: String, in folder: String = "/opt/plugin") throws -> Manifest {
    try Manifest(Array(text.utf8), in: folder)
  }

  @Test("names libraries, constants, hooks, and what becomes of failures")
  func whole() throws {
    let manifest = try read(
      """
      {"connectjobs_plugin": 1, "failure": "end",
       "libraries": {"near": "./near.so", "far": "/usr/lib/far.so", "name": "libc.so.6"},
       "constants": {"A": -7, "B": 0.5, "C": "é\\n"},
       "hooks": [{"event": "entry", "library": "near", "call": "void f(A)"},
                 {"event": "job_ended", "library": "far", "batch": "g", "failure": "count"},
                 {"event": "kill_ordered", "library": "name", "call": "void h()"},
                 {"event": "job_seen", "call": "void i()"}]}
      """)
    #expect(manifest.constants == ["A": .integer(-7), "B": .real(0.5), "C": .text("é\n")])
    #expect(
      manifest.entries == [
        Manifest.Entry(
          event: .entry, form: .call("void f(A)"), library: "/opt/plugin/./near.so",
          failureEnds: true),
        Manifest.Entry(
          event: .jobEnded, form: .batch("g"), library: "/usr/lib/far.so", failureEnds: false),
        Manifest.Entry(
          event: .killOrdered, form: .call("void h()"), library: "libc.so.6", failureEnds: true),
        Manifest.Entry(event: .jobSeen, form: .call("void i()"), library: nil, failureEnds: true),
      ])
  }

  @Test("is a document that may be of any JSON, and of one object")
  func documents() throws {
    #expect(
      try JSONValue.read(Array(" {\"a\": [1, 2.5, \"x\", true, null, {}]} \n".utf8))
        == .object([
          ("a", .array([.integer(1), .real(2.5), .text("x"), .boolean(true), .null, .object([])]))
        ]))
    for text in ["", " ", "{", "{}{}", "[1,]", "{\"a\": 1, \"a\": 2}", "{\"a\" 1}", "nul", "\"a"] {
      #expect(throws: JSONProblem.self, "\(text)") { try JSONValue.read(Array(text.utf8)) }
    }
    #expect(throws: JSONProblem.self) {
      try JSONValue.read(Array(String(repeating: "[", count: 100_000).utf8))
    }
  }

  @Test("of another version is refused for that, whatever else it holds")
  func versions() {
    for version in ["0", "2", "9223372036854775807"] {
      #expect(throws: JSONProblem.self) {
        try read("{\"connectjobs_plugin\": \(version), \"of tomorrow\": [], \"hooks\": 7}")
      }
    }
  }
}
