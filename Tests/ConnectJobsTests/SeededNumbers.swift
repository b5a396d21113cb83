import Glibc

@testable import ConnectJobs

/// Numbers that look random, and come again with the same seed.
///
/// Each run has a new seed, and prints it; set CONNECTJOBS_TEST_SEED to repeat a run.
struct SeededNumbers: RandomNumberGenerator {
  let seed: UInt64
  private var numbers: SplitMix

  init(seed: UInt64 = SeededNumbers.seedOfThisRun) {
    self.seed = seed
    numbers = SplitMix(seed: seed)
  }

  mutating func next() -> UInt64 { numbers.next() }

  mutating func bool(_ oneIn: Int = 2) -> Bool { Int.random(in: 0..<oneIn, using: &self) == 0 }

  static let seedOfThisRun: UInt64 = {
    let given = getenv("CONNECTJOBS_TEST_SEED").flatMap { UInt64(String(cString: $0)) }
    let seed = given ?? UInt64.random(in: 0 ... .max)
    print("CONNECTJOBS_TEST_SEED=\(seed)")
    return seed
  }()
}
