/// How a hook comes to be: everything is looked at and prepared before it gets its place.
extension HookSet {
  /// Where a function is.
  package enum Origin {
    /// In a library of that path or name; `nil`: in the program itself.
    case library(String?)
    /// At an address that the host knows. A line's free function is looked for in the program.
    case address(UnsafeRawPointer)
  }

  /// Prepares the hook of a signature.
  package func prepare(
    _ event: HookEvent, _ text: String, _ origin: Origin, context: UnsafeMutableRawPointer?,
    failureEnds: Bool, constants: [String: HookConstant] = [:]
  ) throws(Failure) -> PreparedHook {
    let signature: Signature
    do throws(SignatureFault) {
      signature = try Signature(text, for: event, constants: constants)
    } catch {
      throw Failure(.invalidArgument, "The signature cannot be used: \(error.text).")
    }
    let library = try library(of: origin)
    let function = try function(signature.symbol, origin, library)
    var free: UnsafeRawPointer?
    if case .line(let name?) = signature.result { free = try library.function(name) }
    let call = try HookCall(signature, function: function, free: free, context: context)
    return PreparedHook(
      event: event, name: signature.symbol, body: .call(call), failureEnds: failureEnds,
      library: library)
  }

  /// Prepares a hook of the batch form.
  ///
  /// - Parameter name: the function's; with an address, only what it is called in the statistics.
  package func prepareBatch(
    _ event: HookEvent, _ name: String, _ origin: Origin, context: UnsafeMutableRawPointer?,
    failureEnds: Bool
  ) throws(Failure) -> PreparedHook {
    guard !name.isEmpty else {
      throw Failure(.invalidArgument, "The function's name is empty. Say which one to call.")
    }
    guard name.utf8.count <= Signature.mostBytes else {
      throw Failure(
        .invalidArgument, "The function's name is longer than \(Signature.mostBytes) bytes.")
    }
    let library = try library(of: origin)
    let function = try function(name, origin, library)
    let batch = unsafeBitCast(function, to: Hook.BatchFunction.self)
    return PreparedHook(
      event: event, name: name, body: .batch(batch, context: context), failureEnds: failureEnds,
      library: library)
  }

  private func library(of origin: Origin) throws(Failure) -> PluginLibrary {
    switch origin {
    case .library(let name): try PluginLibrary.open(name, allowWritable: allowWritable)
    case .address: try PluginLibrary.open(nil, allowWritable: allowWritable)
    }
  }

  private func function(
    _ name: String, _ origin: Origin, _ library: PluginLibrary
  ) throws(Failure) -> UnsafeRawPointer {
    guard case .address(let address) = origin else { return try library.function(name) }
    try PluginLibrary.checkIsNoData(address, name)
    return address
  }
}
