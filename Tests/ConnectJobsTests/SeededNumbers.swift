import Glibc

/// Numbers that look random, and come again with the same seed (SplitMix64).
///
/// Each run has a new seed, and prints it; set CONNECTJOBS_TEST_SEED to repeat a run.
struct SeededNumbers: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init(seed: UInt64 = SeededNumbers.seedOfThisRun) {
    self.seed = seed
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func bool(_ oneIn: Int = 2) -> Bool { Int.random(in: 0..<oneIn, using: &self) == 0 }

  static let seedOfThisRun: UInt64 = {
    let given = getenv("CONNECTJOBS_TEST_SEED").flatMap { UInt64(String(cString: $0)) }
    let seed = given ?? UInt64.random(in: 0 ... .max)
    print("CONNECTJOBS_TEST_SEED=\(seed)")
    return seed
  }()
}
