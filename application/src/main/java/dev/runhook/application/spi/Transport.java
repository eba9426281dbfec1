package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Outcome;

/// Posts to receivers.
public interface Transport {
  /// Posts the request and waits for the answer, no longer than the request's timeout from connect
  /// to last byte; after that no socket or thread of it is left. Whatever the receiver or the
  /// network does is an [Outcome]; only a bug of ours throws. Redirects are never followed.
  /// Interrupting the caller ends the exchange.
  Outcome post(SignedRequest request);
}
