// What is fuzzed of the plugin host: the texts that people write for it.

/// A signature is taken or refused; one that is taken keeps what its checks promise, and a fault says
/// a place that is there.
func fuzzSignature(_ text: String) {
  for event in HookEvent.allCases {
    do throws(SignatureFault) {
      let signature = try Signature(text, for: event, constants: ["LIMIT": .integer(7)])
      checkPromises(signature, event)
    } catch {
      check(error, in: text)
    }
  }
}

private func checkPromises(_ signature: Signature, _ event: HookEvent) {
  guard !signature.symbol.isEmpty, signature.arguments.count <= Signature.mostArguments else {
    fail("no name, or too many arguments")
  }
  guard event.isDecided || !signature.decides else { fail("\(event) cannot be decided about") }
  for argument in signature.arguments {
    if case .integer(let value) = argument.value, argument.type.isInteger,
      !argument.type.range.contains(value)
    {
      fail("\(value) is no \(argument.type)")
    }
    if argument.constantText?.utf8.contains(0) == true { fail("a string with a NUL") }
  }
  guard let fixed = signature.fixedCount else { return }
  guard fixed > 0, signature.arguments[fixed - 1].constantText != nil else {
    fail("the format is no constant")
  }
  for argument in signature.arguments[fixed...] where argument.type.promoted != argument.type {
    fail("\(argument.type) behind the dots")
  }
}

private func check(_ fault: SignatureFault, in text: String) {
  let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
  guard fault.text.utf8.count < 2_000,
    fault.text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }),
    (1...max(1, lines.count)).contains(fault.place.line),
    (1...(lines[fault.place.line - 1].count + 1)).contains(fault.place.column)
  else { fail(fault.text) }
}

/// A manifest is read or refused, with one line that says why.
func fuzzManifest(_ body: [UInt8]) {
  do throws(JSONProblem) {
    let manifest = try Manifest(body, in: "/plugins")
    guard !manifest.entries.isEmpty else { fail("a manifest without hooks") }
  } catch {
    guard error.reason.utf8.count < 1_000,
      error.reason.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
    else { fail(error.reason) }
  }
}
