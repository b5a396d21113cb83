import Testing

@testable import ConnectJobs

@Suite("A signature")
struct SignatureTests {
  @Test("says what is returned, what is called, and with which arguments")
  func whole() throws {
    let journal = try Signature(
      "void sd_journal_send(\"MESSAGE=%s\", ..., data, \"JOB=%s\", job_key, NULL)", for: .entry)
    #expect(journal.result == .nothing)
    #expect(journal.symbol == "sd_journal_send")
    #expect(journal.fixedCount == 1)
    #expect(
      journal.arguments.map(\.value) == [
        .string("MESSAGE=%s"), field("data"), .string("JOB=%s"), field("job_key"), .null,
      ])
    let keep = try Signature("verdict keep(source, timestamp_ns)", for: .entry)
    #expect(keep.result == .verdict)
    #expect(keep.arguments.map(\.type) == [.text, .int64])
    #expect(keep.fixedCount == nil)
    let redact = try Signature("line free(free) redact(data, data_len)", for: .entry)
    #expect(redact.result == .line(freedBy: "free"))
    #expect(redact.arguments.map(\.type) == [.text, .size])
  }

  @Test(
    "takes each way of saying what is returned",
    arguments: [
      ("void f()", Signature.Result.nothing), ("status f()", .status), ("int f()", .number(.int32)),
      ("unsigned long long f()", .number(.uint64)), ("const int f()", .number(.int32)),
      ("line f()", .line(freedBy: nil)), ("line free(data)", .line(freedBy: nil)),
      ("line free(a) free(data)", .line(freedBy: "a")), ("size_t f()", .number(.size)),
      ("float\n\tf\n(\n)", .number(.float)), ("_Bool f()", .number(.bool)),
      ("void void()", .nothing), ("int verdict()", .number(.int32)),
    ])
  func results(_ text: String, _ wanted: Signature.Result) throws {
    #expect(try Signature(text, for: .entry).result == wanted)
  }

  @Test(
    "takes each kind of argument, with the type that C gives it or the one that stands before it",
    arguments: [
      ("7", Signature.Value.integer(7), CType.int32), ("-0x10", .integer(-16), .int32),
      ("2147483648", .integer(2_147_483_648), .int64), ("+3", .integer(3), .int32),
      ("9223372036854775808", .large(9_223_372_036_854_775_808), .uint64),
      ("(unsigned char)255", .integer(255), .uint8), ("(double)7", .integer(7), .double),
      ("1e3", .real(1000), .double), ("(float)-0.5", .real(-0.5), .float),
      ("\"a\\n\\t\\\\\\\"é\"", .string("a\n\t\\\"é"), .text), ("\"\"", .string(""), .text),
      ("(void *)\"x\"", .string("x"), .pointer), ("NULL", .null, .pointer),
      ("(const char *)NULL", .null, .text), ("context", .context, .pointer),
      ("LIMIT", .integer(9), .int32), ("(short)LIMIT", .integer(9), .int16),
      ("HALF", .real(0.5), .double), ("TAG", .string("tag"), .text),
    ])
  func arguments(_ text: String, _ value: Signature.Value, _ type: CType) throws {
    let constants: [String: HookConstant] = [
      "LIMIT": .integer(9), "HALF": .real(0.5), "TAG": .text("tag"),
    ]
    let signature = try Signature("void f(\(text))", for: .entry, constants: constants)
    #expect(signature.arguments.map(\.value) == [value])
    #expect(signature.arguments.map(\.type) == [type])
  }

  @Test("knows the fields of each event, and those of no other")
  func fields() throws {
    for event in HookEvent.allCases {
      for field in event.fields {
        let signature = try Signature("void f(\(field.name))", for: event)
        #expect(signature.arguments.map(\.value) == [.field(field)])
      }
      #expect(Set(event.fields.map(\.name)).count == event.fields.count)
      #expect(
        event.fields.map(\.name).prefix(3) == ["content_guid", "content_guid_len", "job_key"])
    }
    #expect(fault("void f(exit_code)")?.place == TextPlace(line: 1, column: 8))
    #expect(fault("void f(data)", .jobEnded) != nil)
  }

  @Test("has behind its dots what C makes of the arguments there")
  func promotion() throws {
    let text = "int f(\"%hhd %f %d\", ..., (int8_t)1, (float)1, (bool)1)"
    #expect(
      try Signature(text, for: .entry).arguments.map(\.type) == [.text, .int32, .double, .int32])
  }

  @Test(
    "that is wrong is refused, with the line and the column",
    arguments: [
      ("", 1, 1), ("void", 1, 5), ("void f", 1, 7), ("void f(", 1, 8), ("void f(data", 1, 12),
      ("void f(data))", 1, 13), ("void f(,)", 1, 8), ("void f(data data)", 1, 13),
      ("void\n f(\n  nonsense)", 3, 3), ("void f(\"ü\", nonsense)", 1, 13), ("f()", 1, 1),
      ("struct x f()", 1, 1), ("void f(..)", 1, 8), ("void f(\"\n\")", 1, 8),
      ("void f(\"\\x\")", 1, 9), ("void f(#)", 1, 8), ("void f(0x)", 1, 8), ("void f(1.2.3)", 1, 8),
      ("void f(1e999)", 1, 8), ("void f(nan)", 1, 8), ("void f(010)", 1, 8),
      ("void f((int)data)", 1, 8), ("void f((int8_t)-129)", 1, 8), ("void f((bool)2)", 1, 8),
      ("void f((wchar_t)1)", 1, 9), ("void f((char **)NULL)", 1, 15), ("void *f()", 1, 6),
      ("char *f()", 1, 6), ("void f(...)", 1, 8), ("void f(data, ...)", 1, 8),
      ("void f(\"a\", ..., \"b\", ...)", 1, 23), ("void f(\"\0\")", 1, 9),
      ("void f(\"%d\", ..., timestamp_ns)", 1, 19), ("int f(\"%s\", ...)", 1, 7),
    ])
  func faults(_ text: String, _ line: Int, _ column: Int) {
    #expect(fault(text)?.place == TextPlace(line: line, column: column))
  }

  @Test("of a function that takes a format has a constant one")
  func families() {
    for name in [
      "printf", "__printf_chk", "_IO_printf", "syslog", "snprintf", "sd_journal_print", "Rprintf",
      "sqlite3_mprintf", "g_log",
    ] {
      #expect(fault("int \(name)(data)")?.reason.contains("takes a format") == true, "\(name)")
      #expect(fault("int \(name)(\"x\", ..., 1)") != nil)
      #expect(fault("int \(name)(\"%s\", ..., data)") == nil)
    }
    for name in [
      "vprintf", "__vsnprintf_chk", "vsyslog", "sscanf", "__isoc99_sscanf", "wprintf",
      "g_vsnprintf", "sqlite3_vmprintf",
    ] {
      #expect(fault("int \(name)(\"%s\", ..., data)")?.reason.contains("cannot be hooked") == true)
    }
    #expect(fault("line free(syslog) f(data)") != nil)
    #expect(fault("int printing(data)") == nil)
  }

  @Test(
    "has conversions that take what follows, and no other",
    arguments: [
      ("%s", "data", true), ("%s", "\"x\"", true), ("%s", "(void *)data", false),
      ("%s", "NULL", false), ("%s", "(char *)NULL", true), ("%s", "context", false),
      ("%p", "context", true), ("%d", "1", true), ("%d", "(short)1", true),
      ("%d", "(long)1", CType(["long"], isPointer: false) == .int32), ("%ld", "(long)1", true),
      ("%lld", "timestamp_ns", true), ("%zu", "data_len", true), ("%u", "data_len", false),
      ("%-5.3d", "1", true), ("%*d", "1, 2", true), ("%.*s", "3, data", true),
      ("%.*s", "data", false), ("%c", "65", true), ("%lc", "65", false), ("%f", "0.5", true),
      ("%lf", "0.5", true), ("%Lf", "0.5", false), ("%g", "1", false), ("%x", "0.5", false),
      ("%%", "data", false), ("%m", "data", false), ("%n", "context", false), ("%q", "1", false),
      ("%d %s %f", "1, data, 0.5", true), ("%d %s", "data, 1", false), ("%s", "data, NULL", true),
      ("%s", "data, \"%d\", 1", true), ("%s", "data, \"%d\", data", false),
      ("%s", "data, 1", false),
      ("%s", "data, NULL, \"x\"", false),
    ])
  func conversions(_ format: String, _ arguments: String, _ isTaken: Bool) {
    #expect((fault("int f(\"\(format)\", ..., \(arguments))") == nil) == isTaken)
  }

  @Test("has a bounded length and number of arguments")
  func limits() {
    let zeroes = { (count: Int) in String(repeating: "0,", count: count - 1) + "0" }
    #expect(fault("void f(\(zeroes(32)))") == nil)
    #expect(fault("void f(\(zeroes(33)))")?.reason.contains("more than 32") == true)
    #expect(fault(String(repeating: "(", count: 1 << 20))?.reason.contains("longer than") == true)
  }
}

private func field(_ name: String) -> Signature.Value? {
  HookEvent.entry.fields.first { $0.name == name }.map { .field($0) }
}

private func fault(_ text: String, _ event: HookEvent = .entry) -> SignatureFault? {
  do throws(SignatureFault) {
    _ = try Signature(text, for: event)
    return nil
  } catch {
    return error
  }
}
