package dev.runhook.testkit.contract.transport;

import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.Endpoint;
import java.util.List;

/// Where the transport under test sends to: a server, a file, a queue. Thread-safe.
public interface TestReceiver extends AutoCloseable {
  Endpoint endpoint();

  /// Returns the payloads that have arrived since the receiver was created, in any order.
  List<Payload> received();

  /// Frees what the receiver holds.
  @Override
  default void close() {}
}
