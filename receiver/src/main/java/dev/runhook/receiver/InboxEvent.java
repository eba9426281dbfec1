package dev.runhook.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A verified event that a [JdbcInbox] passes to its handler.
public final class InboxEvent {
  private final String id;
  private final byte[] body;
  private final @Nullable RunVersion runVersion;

  private InboxEvent(String id, byte[] body, @Nullable RunVersion runVersion) {
    this.id = id;
    this.body = body;
    this.runVersion = runVersion;
  }

  static InboxEvent of(String id, byte[] body) {
    Map<String, String> values = JsonValues.read(new String(body, UTF_8));
    RunVersion found = find(values, "");
    return new InboxEvent(id, body.clone(), found == null ? find(values, "data.") : found);
  }

  /// Finds the run in Runhook's payload, or in the `data` of a CloudEvent.
  private static @Nullable RunVersion find(Map<String, String> values, String prefix) {
    String account = values.get(prefix + "account");
    String stack = values.get(prefix + "stack.id");
    String run = values.get(prefix + "run.id");
    long version = RunVersion.parse(values.get(prefix + "stateVersion"));
    return account != null && stack != null && run != null && version > 0
        ? new RunVersion(account, stack, run, version)
        : null;
  }

  /// The value of `webhook-id`, the same on every attempt and redelivery.
  public String id() {
    return id;
  }

  /// A copy of the received bytes.
  public byte[] body() {
    return body.clone();
  }

  /// The received body as text.
  public String text() {
    return new String(body, UTF_8);
  }

  /// The run and its version. Empty for pings, operational events, and formats other than `runhook`
  /// and `cloudevents`: these events have no order.
  public Optional<RunVersion> runVersion() {
    return Optional.ofNullable(runVersion);
  }
}
