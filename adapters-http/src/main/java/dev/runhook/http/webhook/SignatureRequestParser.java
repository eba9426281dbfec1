package dev.runhook.http.webhook;

import dev.runhook.domain.diagnosis.DiagnosisInput;
import dev.runhook.domain.diagnosis.Keyring;
import dev.runhook.domain.diagnosis.MessageHeaders;
import dev.runhook.domain.event.Payload;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Reads what is asked of a signature.
final class SignatureRequestParser {
  private static final Decoder<Payload> TEXT = Decoder.STRING.map(Payload::of);
  private static final Decoder<Payload> BASE64 =
      Decoder.STRING.map(SignatureRequestParser::decoded);

  private SignatureRequestParser() {}

  record SignatureRequest(DiagnosisInput input, SecretSource secrets) {}

  /// Where the secrets come from.
  sealed interface SecretSource {}

  record RequestSecrets(Keyring keys) implements SecretSource {}

  /// Those of a webhook.
  record WebhookSecrets(String stack, String webhook) implements SecretSource {}

  static Optional<SignatureRequest> parse(JsonObjectReader jsonObjectReader) {
    Optional<String> signature = jsonObjectReader.required("signature", Decoder.STRING);
    Optional<Payload> text = jsonObjectReader.optional("body", TEXT);
    Optional<Payload> bytes = jsonObjectReader.optional("bodyBase64", BASE64);
    Optional<String> id = jsonObjectReader.optional("id", Decoder.NON_BLANK_TEXT);
    Optional<Long> timestamp = jsonObjectReader.optional("timestamp", Decoder.integerAtLeast(0));
    Optional<String> secret = jsonObjectReader.optional("secret", Decoder.STRING);
    Optional<List<String>> previous =
        jsonObjectReader.optional("previousSecrets", Decoder.listOf(Decoder.STRING));
    Optional<String> stack = jsonObjectReader.optional("stack", Decoder.STRING);
    Optional<String> webhook = jsonObjectReader.optional("webhook", Decoder.STRING);
    return jsonObjectReader.build(() ->
        new SignatureRequest(
            new DiagnosisInput(
                oneOf(text, bytes, "give the body either as \"body\" or as \"bodyBase64\""),
                signature.orElseThrow(),
                message(id, timestamp)),
            oneOf(
                secret.map(it -> new RequestSecrets(Keyring.of(it, previous.orElse(List.of())))),
                stored(stack, webhook),
                "give either \"secret\" or both \"stack\" and \"webhook\"")));
  }

  private static Optional<MessageHeaders> message(Optional<String> id, Optional<Long> timestamp) {
    if (id.isPresent() != timestamp.isPresent()) {
      throw new IllegalArgumentException("give \"id\" and \"timestamp\" together, or neither");
    }
    return id.map(it -> new MessageHeaders(it, timestamp.orElseThrow()));
  }

  private static Optional<SecretSource> stored(Optional<String> stack, Optional<String> webhook) {
    if (stack.isPresent() != webhook.isPresent()) {
      throw new IllegalArgumentException("give \"stack\" and \"webhook\" together, or neither");
    }
    return stack.map(it -> new WebhookSecrets(it, webhook.orElseThrow()));
  }

  private static <T> T oneOf(
      Optional<? extends T> one, Optional<? extends T> other, String otherwise) {
    if (one.isPresent() == other.isPresent()) {
      throw new IllegalArgumentException(otherwise);
    }
    return one.isPresent() ? one.get() : other.orElseThrow();
  }

  private static Payload decoded(String base64) {
    try {
      return Payload.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("is not base64; encode the bytes of the body with it");
    }
  }
}
