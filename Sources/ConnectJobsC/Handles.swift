import CConnectJobs
import ConnectJobs

// How values cross: an object is handed to C as an opaque pointer that holds one reference, which
// the free function of its type gives back. A call borrows the object; it retains what it keeps.

/// An out-parameter that receives a handle or an error.
typealias Out = UnsafeMutablePointer<OpaquePointer?>

enum Handle<Object: AnyObject> {
  static func make(_ object: Object) -> OpaquePointer {
    OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  static func object(_ handle: OpaquePointer?) -> Object? {
    guard let handle else { return nil }
    return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
  }

  static func free(_ handle: OpaquePointer?) {
    guard let handle else { return }
    Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).release()
  }
}

/// A failure with its texts as C wants them.
final class ErrorBox {
  let failure: Failure
  let operation: CText
  let url: CText
  let message: CText

  init(_ failure: Failure) {
    self.failure = failure
    operation = CText(failure.operation)
    url = CText(failure.url)
    message = CText(failure.message)
  }
}

/// A text that ends with a NUL, at an address that stays.
final class CText {
  let pointer: UnsafeMutablePointer<CChar>

  init(_ text: String) {
    let bytes = Array(text.utf8CString)
    pointer = .allocate(capacity: bytes.count)
    pointer.initialize(from: bytes, count: bytes.count)
  }

  deinit { pointer.deallocate() }
}

/// Static text for C.
func cString(_ text: StaticString) -> UnsafePointer<CChar> {
  UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Runs a call: its failure becomes a status and, where the caller wants one, an error object.
func status(
  _ error: Out?, _ operation: StaticString, _ body: () throws(Failure) -> Status
) -> cjobs_status {
  do throws(Failure) {
    return try body().rawValue
  } catch let failure {
    error?.pointee = Handle.make(ErrorBox(failure.during(operation)))
    return failure.status.rawValue
  }
}

/// Runs a call that gives a handle: NULL is there when it fails.
func giving(
  _ out: Out?, _ error: Out?, _ operation: StaticString,
  _ body: () throws(Failure) -> OpaquePointer?
) -> cjobs_status {
  status(error, operation) { () throws(Failure) in
    guard let out else { throw invalid("The pointer that receives the result is NULL.") }
    out.pointee = nil
    out.pointee = try body()
    return .ok
  }
}

func invalid(_ message: String) -> Failure { Failure(.invalidArgument, message) }

/// The object behind a handle that must not be NULL.
func require<Object: AnyObject>(
  _ handle: OpaquePointer?, _ type: Object.Type, _ name: StaticString
) throws(Failure) -> Object {
  guard let object = Handle<Object>.object(handle) else { throw invalid("The \(name) is NULL.") }
  return object
}

/// A text that must not be NULL. The core checks what it may hold.
func require(_ text: UnsafePointer<CChar>?, _ name: StaticString) throws(Failure) -> String {
  guard let text else { throw invalid("The \(name) is NULL. Nothing was sent.") }
  guard let valid = String(validatingCString: text) else {
    throw invalid("The \(name) is not UTF-8. Nothing was sent.")
  }
  return valid
}

func optional(_ text: UnsafePointer<CChar>?, _ name: StaticString) throws(Failure) -> String? {
  guard text != nil else { return nil }
  return try require(text, name)
}

/// A list of texts, none of them NULL.
func require(
  _ list: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int, _ name: StaticString
) throws(Failure) -> [String] {
  // A size_t that was a negative number: not "none".
  guard count >= 0 else { throw invalid("The number of \(name)s is impossibly large.") }
  guard count > 0 else { return [] }
  guard let list else { throw invalid("The list of \(name)s is NULL, but its length is not 0.") }
  var texts: [String] = []
  for index in 0..<count { texts.append(try require(list[index], name)) }
  return texts
}

/// A job that must be named.
func job(
  _ guid: UnsafePointer<CChar>?, _ key: UnsafePointer<CChar>?
) throws(Failure) -> JobName {
  JobName(guid: try require(guid, "content guid"), key: try require(key, "job key"))
}
