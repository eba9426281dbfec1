package dev.runhook.diagnosis.receiver;

import dev.runhook.receiver.DeliveryReceiver;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Whether a delivery is authentic and recent.
///
/// @param header the first header that does not verify; empty if all that are present do
/// @param reason why that header does not verify
/// @param missing the signatures of a usual delivery that this one does not have
public record Verification(String header, String reason, List<String> missing) {
  static final Verification VERIFIED = new Verification("", "", List.of());

  private static final String BODY = "X-Signature-256";
  private static final String BODY_SHA1 = "X-Signature";
  private static final String STANDARD = "webhook-signature";
  private static final String IS_MISSING = "is missing";
  private static final String MISMATCH = "does not match; is this the webhook's secret?";

  /// Verifies the signatures that are present, of which there must be one. `X-Signature` is not
  /// reported as missing, because operators can switch it off.
  ///
  /// @param headers by name in lowercase
  static Verification of(DeliveryReceiver receiver, Map<String, String> headers, byte[] body) {
    List<String> missing =
        Stream.of(BODY, STANDARD).filter(name -> isMissing(name, headers)).toList();
    if (missing.contains(BODY) && missing.contains(STANDARD) && isMissing(BODY_SHA1, headers)) {
      return new Verification(BODY, IS_MISSING, missing);
    }
    if (!missing.contains(BODY) && !receiver.verifiesBody(headers.get("x-signature-256"), body)) {
      return new Verification(BODY, MISMATCH, missing);
    }
    if (!isMissing(BODY_SHA1, headers)
        && !receiver.verifiesBodyWithSha1(headers.get("x-signature"), body)) {
      return new Verification(BODY_SHA1, MISMATCH, missing);
    }
    Verification verified = new Verification("", "", missing);
    if (missing.contains(STANDARD)) {
      return verified;
    }
    return switch (receiver.verify(headers::get, body)) {
      case ACCEPTED, DUPLICATE, STALE, HELD -> verified;
      case SIGNATURE_MISSING ->
          new Verification(
              isMissing("webhook-id", headers) ? "webhook-id" : "webhook-timestamp",
              IS_MISSING,
              missing);
      case SIGNATURE_MISMATCH -> new Verification(STANDARD, MISMATCH, missing);
      case TIME_OUT_OF_RANGE ->
          new Verification(
              "webhook-timestamp",
              "is more than five minutes away; is this an old request, or is a clock wrong?",
              missing);
    };
  }

  private static boolean isMissing(String header, Map<String, String> headers) {
    return headers.getOrDefault(header.toLowerCase(Locale.ROOT), "").isEmpty();
  }

  public boolean isVerified() {
    return header.isEmpty();
  }

  /// Returns whether `webhook-id` can be trusted. The other signatures do not cover it.
  boolean isIdVerified() {
    return isVerified() && !missing.contains(STANDARD);
  }

  public String summary() {
    if (!isVerified()) {
      return "NOT verified: " + header + " " + reason;
    }
    return "signature verified"
        + (missing.isEmpty() ? "" : "; missing: " + String.join(", ", missing));
  }
}
