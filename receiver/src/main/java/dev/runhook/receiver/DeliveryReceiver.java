package dev.runhook.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Verifies deliveries with the secret of a webhook and processes each event once.
///
/// `webhook-signature` is required, because it also covers the id and the time: a recorded request
/// cannot be sent again with other values. Signatures are compared in constant time. The body must
/// have exactly the bytes that were received.
///
/// The ids of processed events are kept in the memory of this object, the latest 10,000 by default.
/// They do not survive a restart and are not shared between processes; a service that needs more
/// stores them in its own transaction with a [JdbcInbox]. Thread-safe.
public final class DeliveryReceiver {
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final int DEFAULT_REMEMBERED = 10_000;
  private static final Pattern UNIX_SECONDS = Pattern.compile("\\d{1,11}");

  private final SecretKeys keys;
  private final InstantSource clock;
  private final EventIds processed;

  private DeliveryReceiver(SecretKeys keys, InstantSource clock, EventIds processed) {
    this.keys = keys;
    this.clock = clock;
    this.processed = processed;
  }

  /// Creates a receiver for the webhook with this secret. While a rotation overlaps, deliveries
  /// verify with the previous and with the new secret.
  public static DeliveryReceiver withSecret(String secret) {
    return new DeliveryReceiver(
        SecretKeys.of(secret), InstantSource.system(), new EventIds(DEFAULT_REMEMBERED));
  }

  /// Returns a receiver that takes the time from this clock and has processed nothing yet.
  public DeliveryReceiver withClock(InstantSource source) {
    return new DeliveryReceiver(keys, source, new EventIds(processed.capacity()));
  }

  /// Returns a receiver that remembers this many events and has processed nothing yet.
  ///
  /// @param count at least 1
  public DeliveryReceiver withRememberedEvents(int count) {
    return new DeliveryReceiver(keys, clock, new EventIds(count));
  }

  /// Processes a delivery.
  public interface Processor<E extends Exception> {
    void process() throws E;
  }

  /// Verifies a delivery and runs the processor, unless the event has been processed. If the
  /// processor fails, the event counts as not processed. Deliveries of the same event that arrive
  /// at the same time wait for each other.
  ///
  /// @param header returns the value of a request header, or null; names are case-insensitive
  /// @param body the received bytes
  /// @throws E if the processor does; respond with 500 then
  public <E extends Exception> DeliveryResult receive(
      Function<String, @Nullable String> header, byte[] body, Processor<E> processor) throws E {
    DeliveryResult result = verify(header, body);
    if (result != DeliveryResult.ACCEPTED) {
      return result;
    }
    String id = value(header, "webhook-id");
    if (!processed.start(id)) {
      return DeliveryResult.DUPLICATE;
    }
    boolean succeeded = false;
    try {
      processor.process();
      succeeded = true;
      return DeliveryResult.ACCEPTED;
    } finally {
      processed.end(id, succeeded);
    }
  }

  /// Verifies `webhook-signature`, and that `webhook-timestamp` is within five minutes of now.
  /// Never returns [DeliveryResult#DUPLICATE]. After [DeliveryResult#ACCEPTED], `webhook-id` can be
  /// trusted.
  ///
  /// @param header returns the value of a request header, or null; names are case-insensitive
  /// @param body the received bytes
  public DeliveryResult verify(Function<String, @Nullable String> header, byte[] body) {
    String id = value(header, "webhook-id");
    String timestamp = value(header, "webhook-timestamp");
    String signatures = value(header, "webhook-signature");
    if (id.isEmpty() || timestamp.isEmpty() || signatures.isEmpty()) {
      return DeliveryResult.SIGNATURE_MISSING;
    }
    byte[] mac = keys.standardMac((id + "." + timestamp + ".").getBytes(UTF_8), body);
    if (!containsEqual(signatures, "v1," + Base64.getEncoder().encodeToString(mac))) {
      return DeliveryResult.SIGNATURE_MISMATCH;
    }
    return isRecent(timestamp) ? DeliveryResult.ACCEPTED : DeliveryResult.TIME_OUT_OF_RANGE;
  }

  /// Returns whether the value of `X-Signature-256` matches the body. This signature covers neither
  /// a time nor an id, so a recorded request is accepted again at any time: prefer [#verify].
  ///
  /// @param signature null if the request has no such header
  /// @param body the received bytes
  public boolean verifiesBody(@Nullable String signature, byte[] body) {
    return signature != null && isEqual("sha256=" + hexMac(SecretKeys.SHA256, body), signature);
  }

  /// Returns whether the value of `X-Signature` matches the body. It is like `X-Signature-256` with
  /// SHA-1, and only for services that cannot use that one.
  ///
  /// @param signature null if the request has no such header
  /// @param body the received bytes
  public boolean verifiesBodyWithSha1(@Nullable String signature, byte[] body) {
    return signature != null && isEqual("sha1=" + hexMac(SecretKeys.SHA1, body), signature);
  }

  private String hexMac(String algorithm, byte[] body) {
    return HexFormat.of().formatHex(keys.bodyMac(algorithm, body));
  }

  private boolean isRecent(String timestamp) {
    if (!UNIX_SECONDS.matcher(timestamp).matches()) {
      return false;
    }
    Instant sentAt = Instant.ofEpochSecond(Long.parseLong(timestamp));
    return Duration.between(sentAt, clock.instant()).abs().compareTo(TOLERANCE) <= 0;
  }

  private static boolean containsEqual(String signatures, String expected) {
    for (String signature : signatures.split(" ", -1)) {
      if (isEqual(expected, signature)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEqual(String expected, String actual) {
    return MessageDigest.isEqual(expected.getBytes(UTF_8), actual.getBytes(UTF_8));
  }

  private static String value(Function<String, @Nullable String> header, String name) {
    String value = header.apply(name);
    return value == null ? "" : value;
  }
}
