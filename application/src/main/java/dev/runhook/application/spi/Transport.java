package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Outcome;

/// Sends requests to receivers. Thread-safe.
public interface Transport {
  /// Sends the request and waits for the response, no longer than the request's timeout. After
  /// that, no socket or thread of the request is left. Never follows a redirect. Interrupting the
  /// calling thread ends the exchange.
  ///
  /// @return the outcome, also if the receiver or the network fails; only a bug throws
  Outcome post(SignedRequest request);
}
