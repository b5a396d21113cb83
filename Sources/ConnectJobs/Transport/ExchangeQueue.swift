/// Where the exchanges of a call come from.
protocol ExchangeSource: AnyObject {
  /// The next one, made when its turn has come; `nil`: there is none.
  func next() throws(Failure) -> Exchange?
  /// One of them has a result.
  func ended(_ exchange: Exchange) throws(Failure)
}

/// Exchanges that are there already; who made them looks at their states.
final class ListedExchanges: ExchangeSource {
  private var rest: ArraySlice<Exchange>

  init(_ exchanges: [Exchange]) {
    rest = exchanges[...]
  }

  func next() -> Exchange? { rest.popFirst() }
  func ended(_ exchange: Exchange) {}
}

/// The exchanges of one call, of which only so many are under way at the same time.
struct ExchangeQueue {
  private let source: any ExchangeSource
  private let atOnce: Int
  private var underWay: [Exchange] = []

  init(_ source: any ExchangeSource, atOnce: Int) {
    self.source = source
    self.atOnce = max(1, atOnce)
  }

  /// Takes all steps that are due.
  mutating func advance(
    _ session: Session, _ reactor: Reactor, _ now: Instant
  ) throws(Failure) {
    var index = 0
    while true {
      if index == underWay.count {
        guard underWay.count < atOnce, let next = try source.next() else { return }
        underWay.append(next)
      }
      let exchange = underWay[index]
      exchange.advance(session, reactor, now)
      switch exchange.state {
      case .done:
        underWay.remove(at: index)
        try source.ended(exchange)
      case .ready(let at):
        if at <= now { try exchange.start(session, reactor) }
        index += 1
      case .running: index += 1
      }
    }
  }

  /// When the next `advance` is due; `nil`: everything is done.
  var nextDue: Instant? {
    guard !underWay.isEmpty else { return nil }
    var due = Instant.now + 60_000
    for exchange in underWay {
      if let next = exchange.nextDue { due = min(due, next) }
    }
    return due
  }
}
