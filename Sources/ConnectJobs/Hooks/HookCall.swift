import CFFI
import Glibc

/// A call that is prepared once: its types for libffi, and where each argument comes from.
/// Immutable; the memory of a run is in ``CallFrame``.
final class HookCall: @unchecked Sendable {
  let signature: Signature
  let function: UnsafeRawPointer
  /// Frees a line that the function returned; `nil`: it is borrowed.
  let free: UnsafeRawPointer?
  let context: UnsafeMutableRawPointer?
  private let call: OpaquePointer
  /// Of the constant strings, by argument.
  let texts: [UnsafeMutablePointer<CChar>?]

  init(
    _ signature: Signature, function: UnsafeRawPointer, free: UnsafeRawPointer?,
    context: UnsafeMutableRawPointer?
  ) throws(Failure) {
    let types = signature.arguments.map(\.type.ffi)
    let prepared = cffi_call_new(
      signature.result.ffi, types, UInt32(types.count),
      UInt32(signature.fixedCount ?? types.count), signature.fixedCount != nil)
    guard let prepared else {
      throw Failure(
        .invalidArgument,
        "libffi cannot make the call of \(signature.symbol.quoted) on this machine.")
    }
    call = prepared
    self.signature = signature
    self.function = function
    self.free = free
    self.context = context
    texts = signature.arguments.map { $0.constantText.flatMap { strdup($0) } }
    for (argument, text) in zip(signature.arguments, texts) {
      guard argument.constantText == nil || text != nil else { throw .noMemory }
    }
  }

  deinit {
    for text in texts { Glibc.free(text) }
    cffi_call_free(call)
  }

  @inline(__always)
  func make(
    _ result: UnsafeMutableRawPointer, _ values: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  ) {
    cffi_call_make(call, function, result, values)
  }
}

extension Signature.Result {
  var ffi: cffi_type {
    switch self {
    case .nothing: .CFFI_VOID
    case .number(let type): type.ffi
    case .status, .verdict: CType.int.ffi
    case .line: .CFFI_POINTER
    }
  }
}
