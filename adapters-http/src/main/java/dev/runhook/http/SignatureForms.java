package dev.runhook.http;

import dev.runhook.domain.diagnosis.Evidence;
import dev.runhook.domain.diagnosis.Keyring;
import dev.runhook.domain.diagnosis.Message;
import dev.runhook.domain.event.Payload;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Reads what is asked of a signature.
final class SignatureForms {
  private static final Form<Payload> TEXT = Form.STRING.as(Payload::of);
  private static final Form<Payload> BASE64 = Form.STRING.as(SignatureForms::decoded);

  private SignatureForms() {}

  record Inquiry(Evidence evidence, Secrets secrets) {}

  /// Where the secrets come from.
  sealed interface Secrets {}

  record Told(Keyring keys) implements Secrets {}

  /// Those of a webhook.
  record Stored(String stack, String webhook) implements Secrets {}

  static Optional<Inquiry> inquiry(Fields fields) {
    Optional<String> signature = fields.required("signature", Form.STRING);
    Optional<Payload> text = fields.optional("body", TEXT);
    Optional<Payload> bytes = fields.optional("bodyBase64", BASE64);
    Optional<String> id = fields.optional("id", Form.NON_BLANK_TEXT);
    Optional<Long> timestamp = fields.optional("timestamp", Form.wholeFrom(0));
    Optional<String> secret = fields.optional("secret", Form.STRING);
    Optional<List<String>> previous = fields.optional("previousSecrets", Form.listOf(Form.STRING));
    Optional<String> stack = fields.optional("stack", Form.STRING);
    Optional<String> webhook = fields.optional("webhook", Form.STRING);
    return fields.make(() ->
        new Inquiry(
            new Evidence(
                oneOf(text, bytes, "give the body either as \"body\" or as \"bodyBase64\""),
                signature.orElseThrow(),
                message(id, timestamp)),
            oneOf(
                secret.map(it -> new Told(Keyring.of(it, previous.orElse(List.of())))),
                stored(stack, webhook),
                "give either \"secret\" or both \"stack\" and \"webhook\"")));
  }

  private static Optional<Message> message(Optional<String> id, Optional<Long> timestamp) {
    if (id.isPresent() != timestamp.isPresent()) {
      throw new IllegalArgumentException("give \"id\" and \"timestamp\" together, or neither");
    }
    return id.map(it -> new Message(it, timestamp.orElseThrow()));
  }

  private static Optional<Secrets> stored(Optional<String> stack, Optional<String> webhook) {
    if (stack.isPresent() != webhook.isPresent()) {
      throw new IllegalArgumentException("give \"stack\" and \"webhook\" together, or neither");
    }
    return stack.map(it -> new Stored(it, webhook.orElseThrow()));
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
