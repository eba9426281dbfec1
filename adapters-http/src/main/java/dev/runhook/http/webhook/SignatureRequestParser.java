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

/// Decodes requests to check a signature.
final class SignatureRequestParser {
  private static final Decoder<Payload> TEXT = Decoder.STRING.map(Payload::of);
  private static final Decoder<Payload> BASE64 =
      Decoder.STRING.map(SignatureRequestParser::decodeBase64);

  private SignatureRequestParser() {}

  record SignatureRequest(DiagnosisInput input, SecretSource secrets) {}

  /// The source of the secrets: the request itself or a webhook.
  sealed interface SecretSource {}

  record RequestSecrets(Keyring keys) implements SecretSource {}

  record WebhookSecrets(String stack, String webhook) implements SecretSource {}

  static Optional<SignatureRequest> parse(JsonObjectReader fields) {
    Optional<String> signature = fields.required("signature", Decoder.STRING);
    Optional<Payload> text = fields.optional("body", TEXT);
    Optional<Payload> bytes = fields.optional("bodyBase64", BASE64);
    Optional<String> id = fields.optional("id", Decoder.NON_BLANK_TEXT);
    Optional<Long> timestamp = fields.optional("timestamp", Decoder.integerAtLeast(0));
    Optional<String> secret = fields.optional("secret", Decoder.STRING);
    Optional<List<String>> previous =
        fields.optional("previousSecrets", Decoder.listOf(Decoder.STRING));
    Optional<String> stack = fields.optional("stack", Decoder.STRING);
    Optional<String> webhook = fields.optional("webhook", Decoder.STRING);
    return fields.build(() ->
        new SignatureRequest(
            new DiagnosisInput(
                oneOf(text, bytes, "send the body either as \"body\" or as \"bodyBase64\""),
                signature.orElseThrow(),
                message(id, timestamp)),
            oneOf(
                secret.map(it -> new RequestSecrets(Keyring.of(it, previous.orElse(List.of())))),
                webhookSecrets(stack, webhook),
                "send either \"secret\" or both \"stack\" and \"webhook\"")));
  }

  private static Optional<MessageHeaders> message(Optional<String> id, Optional<Long> timestamp) {
    if (id.isPresent() != timestamp.isPresent()) {
      throw new IllegalArgumentException("send both \"id\" and \"timestamp\", or neither");
    }
    return id.map(it -> new MessageHeaders(it, timestamp.orElseThrow()));
  }

  private static Optional<SecretSource> webhookSecrets(
      Optional<String> stack, Optional<String> webhook) {
    if (stack.isPresent() != webhook.isPresent()) {
      throw new IllegalArgumentException("send both \"stack\" and \"webhook\", or neither");
    }
    return stack.map(it -> new WebhookSecrets(it, webhook.orElseThrow()));
  }

  private static <T> T oneOf(Optional<? extends T> one, Optional<? extends T> other, String error) {
    if (one.isPresent() == other.isPresent()) {
      throw new IllegalArgumentException(error);
    }
    return one.isPresent() ? one.get() : other.orElseThrow();
  }

  private static Payload decodeBase64(String base64) {
    try {
      return Payload.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("must be the bytes of the body in base64");
    }
  }
}
