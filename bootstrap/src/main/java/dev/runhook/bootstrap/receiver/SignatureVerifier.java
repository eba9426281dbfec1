package dev.runhook.bootstrap.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Verifies deliveries as `docs/receiving.md` says. It shares no code with the signer, so it can
/// detect errors in the signer.
public final class SignatureVerifier {
  private static final String SIGNATURE_SHA1 = "X-Signature";
  private static final String SIGNATURE_SHA256 = "X-Signature-256";
  private static final String SIGNATURE_STANDARD = "webhook-signature";
  private static final String TIMESTAMP = "webhook-timestamp";

  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final byte[] key;
  private final byte[] standardKey;

  public SignatureVerifier(String secret) {
    this.key = secret.getBytes(UTF_8);
    this.standardKey = decodesTo24To64Bytes(secret) ? decoded(secret) : key;
  }

  private static boolean decodesTo24To64Bytes(String secret) {
    int length = decoded(secret).length;
    return length >= 24 && length <= 64;
  }

  /// Returns no bytes if the secret is not `whsec_` and base64.
  private static byte[] decoded(String secret) {
    try {
      return secret.startsWith("whsec_")
          ? Base64.getDecoder().decode(secret.substring("whsec_".length()))
          : new byte[0];
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  /// The result of verifying the signatures of a delivery.
  ///
  /// @param checks one for each signature header
  public record Result(List<Check> checks) {
    public Result {
      checks = List.copyOf(checks);
    }

    /// Returns whether the delivery has signatures and all of them match.
    public boolean isVerified() {
      return !checks.isEmpty() && checks.stream().allMatch(Check::matches);
    }

    public String summary() {
      if (checks.isEmpty()) {
        return "NOT verified: no signature header";
      }
      return checks.stream()
          .filter(check -> !check.matches())
          .findFirst()
          .map(check -> "NOT verified: " + check.header() + " " + check.reason())
          .orElse("signature verified");
    }
  }

  /// The result for one header.
  ///
  /// @param reason why the signature does not match; empty if it does
  public record Check(String header, boolean matches, String reason) {}

  /// Checks all signatures of a delivery. `X-Signature-256` is required.
  ///
  /// @param header returns the value of a request header
  public Result verify(Function<String, Optional<String>> header, byte[] body) {
    List<Check> checks = new ArrayList<>();
    String sha256 = header.apply(SIGNATURE_SHA256).orElse("");
    checks.add(github(SIGNATURE_SHA256, "sha256", "HmacSHA256", sha256, body));
    header
        .apply(SIGNATURE_SHA1)
        .ifPresent(value -> checks.add(github(SIGNATURE_SHA1, "sha1", "HmacSHA1", value, body)));
    header.apply(SIGNATURE_STANDARD).ifPresent(value -> checks.add(standard(value, header, body)));
    return new Result(checks);
  }

  /// Checks like [#verify], and that `webhook-signature` covers a time within five minutes of now,
  /// so that a recorded request cannot be sent again later.
  public Result verifyRecent(Function<String, Optional<String>> header, byte[] body, Instant now) {
    Result result = verify(header, body);
    List<Check> checks = new ArrayList<>(result.checks());
    if (header.apply(SIGNATURE_STANDARD).isEmpty()) {
      checks.add(new Check(SIGNATURE_STANDARD, false, "is missing"));
    } else if (result.isVerified()) {
      checks.add(recent(header.apply(TIMESTAMP).orElse(""), now));
    }
    return new Result(checks);
  }

  private static Check recent(String timestamp, Instant now) {
    if (!timestamp.matches("\\d{1,11}")) {
      return new Check(TIMESTAMP, false, "is not a time in Unix seconds");
    }
    Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now);
    boolean matches = age.abs().compareTo(TOLERANCE) <= 0;
    String reason =
        "is %d s %s; is this an old request, or is a clock wrong?"
            .formatted(age.abs().toSeconds(), age.isNegative() ? "in the future" : "old");
    return new Check(TIMESTAMP, matches, matches ? "" : reason);
  }

  private Check github(String name, String prefix, String algorithm, String value, byte[] body) {
    if (value.isEmpty()) {
      return new Check(name, false, "is missing");
    }
    String expected = prefix + "=" + HexFormat.of().formatHex(hmac(algorithm, key, body));
    return check(name, equal(expected, value));
  }

  private Check standard(String value, Function<String, Optional<String>> header, byte[] body) {
    String id = header.apply("webhook-id").orElse("");
    String signed = id + "." + header.apply(TIMESTAMP).orElse("") + ".";
    byte[] mac = hmac("HmacSHA256", standardKey, signed.getBytes(UTF_8), body);
    String expected = "v1," + Base64.getEncoder().encodeToString(mac);
    return check(
        SIGNATURE_STANDARD, Stream.of(value.split(" ")).anyMatch(part -> equal(expected, part)));
  }

  private static Check check(String name, boolean matches) {
    return new Check(name, matches, matches ? "" : "does not match; is this the webhook's secret?");
  }

  private static boolean equal(String expected, String actual) {
    return MessageDigest.isEqual(expected.getBytes(UTF_8), actual.getBytes(UTF_8));
  }

  private static byte[] hmac(String algorithm, byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform supports " + algorithm, e);
    }
  }
}
