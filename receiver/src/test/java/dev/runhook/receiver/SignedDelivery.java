package dev.runhook.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A delivery as the server sends it, at a fixed time.
record SignedDelivery(Map<String, String> headers, String body) {
  static final String SECRET = "It's a Secret to Everybody";
  static final Instant SENT_AT = Instant.ofEpochSecond(1_674_087_231);

  /// A state change.
  ///
  /// @param previous the version that was sent before; 0 if there is none
  static SignedDelivery of(String run, long version, long previous) {
    return of(
        run + "-" + version,
        """
        {"account":"acme","state":"PLANNING","stateVersion":%d,"timestamp":1596979684,"run":{"id":"%s",\
        "branch":"m","commit":{"authorLogin":null,"message":"a \\"quoted\\" {brace","timestamp":1}},\
        "stack":{"id":"demo","name":"Größe","labels":["stateVersion","id"]}}\
        """
            .formatted(version, run),
        previous);
  }

  /// @param event the end of the `webhook-id`
  static SignedDelivery of(String event, String body, long previous) {
    Map<String, String> headers = new HashMap<>();
    if (previous > 0) {
      headers.put("X-Runhook-Previous-Version", Long.toString(previous));
    }
    String id = UUID.nameUUIDFromBytes(event.getBytes(UTF_8)).toString();
    new WebhookSigner(false)
        .signatureHeaders(
            SigningKeys.of(SigningSecret.parse(SECRET)), id, SENT_AT, body.getBytes(UTF_8))
        .forEach(header -> headers.put(header.name(), header.value()));
    return new SignedDelivery(headers, body);
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  String id() {
    return requireNonNull(headers.get("webhook-id"));
  }

  byte[] bytes() {
    return body.getBytes(UTF_8);
  }
}
