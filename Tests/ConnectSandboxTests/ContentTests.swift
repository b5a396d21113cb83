import Foundation
import Testing

@testable import ConnectSandbox

@Suite struct ManifestTests {
  private func parse(_ text: String) throws -> Manifest { try Manifest.parse(Data(text.utf8)) }

  @Test func allKeysAreRead() throws {
    let manifest = try parse(
      """
      {"name": "n", "title": "t", "description": "d", "app_mode": "shiny", "tag": "run_app",
       "guid": "11111111-2222-3333-4444-555555555555", "command": ["a", "b"], "start": true,
       "mine": false, "queue_ms": 5, "env": {"X": "y"}}
      """)
    #expect(manifest.command == ["a", "b"] && manifest.appMode == "shiny")
    #expect(manifest.start == true && manifest.mine == false && manifest.queueMS == 5)
    #expect(manifest.env == ["X": "y"] && manifest.tag == "run_app")
  }

  @Test func nothingIsNeeded() throws {
    #expect(try parse("{}").command == [])
  }

  @Test(arguments: [
    ("{\"comand\": []}", "comand"), ("{\"command\": \"ls\"}", "command"), ("{", "JSON"),
    ("[]", "type"), ("{\"guid\": \"x\"}", "guid"), ("{\"start\": true}", "command"),
    ("{\"queue_ms\": -1}", "queue_ms"), ("{\"env\": {\"A\": 1}}", "env.A"),
    ("{\"command\": [\"\"]}", "name"),
  ])
  func whatIsWrongIsSaid(text: String, word: String) throws {
    let error = #expect(throws: ManifestError.self) { try parse(text) }
    #expect(error?.description.contains(word) == true, "\(String(describing: error))")
  }
}

@Suite struct GUIDTests {
  @Test func aDerivedGUIDIsStableAndValid() {
    #expect(GUID.derived(from: "clock") == GUID.derived(from: "clock"))
    // Written down by scripts: must not change.
    #expect(GUID.derived(from: "clock") == "a46f7393-2461-8a6e-a6ec-cf55c5bde0dc")
    let many = Set((0..<10_000).map { GUID.derived(from: "content \($0)") })
    #expect(many.count == 10_000 && many.allSatisfy(GUID.isValid))
  }

  @Test(arguments: [
    "", "11111111-2222-3333-4444-55555555555", "11111111-2222-3333-4444-5555555555555",
    "1111111122223333444455555555555", "1111111g-2222-3333-4444-555555555555",
    "11111111-2222-3333-4444-555555555555-", "11111111-2222-3333-44445-55555555555",
  ])
  func othersAreRefused(text: String) {
    #expect(!GUID.isValid(text))
  }
}

@Suite struct VersionTests {
  @Test func versionsAreCompared() {
    #expect(!ServerVersion(text: "2022.09.0").hasJobsAPI)
    #expect(ServerVersion(text: "2022.10.0").hasJobsAPI)
    #expect(!ServerVersion(text: "2024.12.1").hasContentInJobs)
    #expect(ServerVersion(text: "2025.01.0").hasContentInJobs)
    #expect(ServerVersion(text: "").hasContentInJobs && ServerVersion(text: "").hasJobsAPI)
  }
}

@Suite struct HeaderTests {
  @Test func nothingLeavesTheQuotes() {
    #expect(HeaderText.quoted("a b.log") == "\"a b.log\"")
    #expect(HeaderText.quoted("a\"\\\r\nX: é") == "\"a____X: _\"")
  }
}
