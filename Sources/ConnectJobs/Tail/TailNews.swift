/// What the hooks have been told of a job that is followed.
struct JobNews {
  var isSeen = false
  var hasEnded = false
}

/// What a tail's hooks are told of its jobs. It happens beside the follow, when lines are given away,
/// and changes nothing in it.
extension HookSet {
  /// A job of which there are lines has been seen.
  func tellSeen(_ follower: Follower) throws(Failure) {
    guard !follower.news.isSeen else { return }
    follower.news.isSeen = true
    if let row = follower.lastRow {
      try see(row, of: follower.job.guid)
    } else {
      try tell(.jobSeen, follower.job)
    }
  }

  /// A job has ended when it is finalized and all of its lines are given away.
  func tellEnded(_ follower: Follower) throws(Failure) {
    guard !follower.news.hasEnded, follower.isDone, follower.end == .finalized else { return }
    follower.news.hasEnded = true
    try tellSeen(follower)
    try end(follower.lastRow, follower.job)
  }
}
