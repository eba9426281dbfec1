package dev.runhook.application.spi.delivery;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Sends requests to receivers. Thread-safe.
public interface Transport {
  /// Sends the request and waits for the response, no longer than the request's timeout. After
  /// that, no socket or thread of the request is left. Never follows a redirect. Interrupting the
  /// calling thread ends the exchange.
  ///
  /// @return the outcome, even if the receiver or the network fails; only a bug throws an exception
  Outcome post(SignedRequest request);

  /// Does the same, and reports how far the exchange has got, each time before the next step. A
  /// transport that does not know that reports nothing.
  ///
  /// @param onPhase is called by any thread, and must return at once
  default Outcome post(SignedRequest request, Consumer<Phase> onPhase) {
    return post(request);
  }

  /// What an exchange has done.
  enum Phase {
    /// The name of the receiver has an address that may be called.
    RESOLVED,
    /// There is a connection, with TLS if the endpoint has it.
    CONNECTED
  }

  /// A POST request as it is sent, without the headers that HTTP itself adds (`Host`,
  /// `Content-Length`).
  ///
  /// @param account the account of the webhook; accounts never share a connection
  /// @param timeout the timeout of the whole exchange, from connecting to the last byte
  record SignedRequest(
      AccountId account,
      Endpoint endpoint,
      List<Header> headers,
      Payload payload,
      Duration timeout) {
    public SignedRequest {
      headers = List.copyOf(headers);
    }

    /// Returns the same request with one more header.
    public SignedRequest withHeader(Header header) {
      List<Header> all = Stream.concat(headers.stream(), Stream.of(header)).toList();
      return new SignedRequest(account, endpoint, all, payload, timeout);
    }

    /// Returns the same request with a timeout that is not above `max`.
    public SignedRequest withTimeoutAtMost(Duration max) {
      return timeout.compareTo(max) <= 0
          ? this
          : new SignedRequest(account, endpoint, headers, payload, max);
    }
  }
}
