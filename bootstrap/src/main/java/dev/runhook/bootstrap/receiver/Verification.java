package dev.runhook.bootstrap.receiver;

import dev.runhook.receiver.DeliveryReceiver;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Whether a delivery is authentic and recent.
///
/// @param header the first header that does not verify; empty if all do
/// @param reason why that header does not verify
public record Verification(String header, String reason) {
  static final Verification VERIFIED = new Verification("", "");

  /// Verifies all signatures. Each of them is required, except `X-Signature`, which operators can
  /// switch off.
  ///
  /// @param headers by name in lowercase
  static Verification of(DeliveryReceiver receiver, Map<String, String> headers, byte[] body) {
    if (!receiver.verifiesBody(headers.get("x-signature-256"), body)) {
      return failed("X-Signature-256", headers);
    }
    String sha1 = headers.get("x-signature");
    if (sha1 != null && !receiver.verifiesBodyWithSha1(sha1, body)) {
      return failed("X-Signature", headers);
    }
    return switch (receiver.verify(headers::get, body)) {
      case ACCEPTED, DUPLICATE -> VERIFIED;
      case SIGNATURE_MISSING, SIGNATURE_MISMATCH ->
          failed(
              Stream.of("webhook-signature", "webhook-id", "webhook-timestamp")
                  .filter(name -> isMissing(name, headers))
                  .findFirst()
                  .orElse("webhook-signature"),
              headers);
      case TIME_OUT_OF_RANGE ->
          new Verification(
              "webhook-timestamp",
              "is more than five minutes away; is this an old request, or is a clock wrong?");
    };
  }

  private static Verification failed(String header, Map<String, String> headers) {
    return new Verification(
        header,
        isMissing(header, headers)
            ? "is missing"
            : "does not match; is this the webhook's secret?");
  }

  private static boolean isMissing(String header, Map<String, String> headers) {
    return headers.getOrDefault(header.toLowerCase(Locale.ROOT), "").isEmpty();
  }

  public boolean isVerified() {
    return header.isEmpty();
  }

  public String summary() {
    return isVerified() ? "signature verified" : "NOT verified: " + header + " " + reason;
  }
}
