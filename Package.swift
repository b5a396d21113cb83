// swift-tools-version: 6.2
import PackageDescription

/// What the shared library is linked with, in release builds only: a debug `swift test` loads the
/// Swift runtime dynamically and breaks with a second, static one.
let oneFileToShip: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-static-stdlib", "-use-ld=lld",
      "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/ConnectJobsC/exports.map",
      "-Xlinker", "-soname=libconnectjobs.so",
      "-Xlinker", "-z", "-Xlinker", "nodelete",
      "-Xlinker", "--gc-sections",
      "-Xlinker", "--exclude-libs=ALL",
      // Debug sections would be 2 MB, and older debuggers cannot read lld's; symbols stay.
      "-Xlinker", "--strip-debug",
    ],
    .when(configuration: .release))
]

/// The rules of our Swift: Swift 6 mode, and no warning passes.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-warnings-as-errors"]),
]

/// What the library has beyond them; in release builds no run-time exclusivity checks (the columns
/// are written through pointers that one call owns).
let lean: [SwiftSetting] = [
  .unsafeFlags([
    // Neither regular expressions nor tasks are used; without them the library is 2 MB smaller.
    "-Xfrontend", "-disable-implicit-string-processing-module-import",
    "-Xfrontend", "-disable-implicit-concurrency-module-import",
  ]),
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let package = Package(
  name: "connectjobs",
  products: [
    .library(name: "connectjobs", type: .dynamic, targets: ["ConnectJobsC"]),
    .executable(name: "connect-sandbox", targets: ["ConnectSandbox"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
  ],
  targets: [
    .systemLibrary(name: "CConnectJobs", path: "include"),
    .target(name: "CCurl"),
    // The static library: the shared one is not there on every machine that the library comes to.
    .target(name: "CFFI", linkerSettings: [.linkedLibrary(":libffi_pic.a")]),
    .target(
      name: "CJSON",
      // Without it, Boost.JSON's assertions would stay in.
      cxxSettings: [.define("NDEBUG", .when(configuration: .release))]),
    .target(name: "CPosix"),
    .target(
      name: "ConnectJobs", dependencies: ["CCurl", "CFFI", "CJSON", "CPosix"],
      swiftSettings: strict + lean),
    .target(
      name: "ConnectJobsC", dependencies: ["CConnectJobs", "ConnectJobs"],
      exclude: ["exports.map"], swiftSettings: strict + lean, linkerSettings: oneFileToShip),
    .executableTarget(
      name: "ConnectSandbox",
      dependencies: [
        "CPosix",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      exclude: ["README.md"],
      swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-warnings-as-errors"])]),
    .testTarget(
      name: "ConnectSandboxTests", dependencies: ["ConnectSandbox"],
      swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-warnings-as-errors"])]),
    .testTarget(name: "ConnectJobsTests", dependencies: ["ConnectJobs"], swiftSettings: strict),
  ],
  cxxLanguageStandard: .cxx17
)
