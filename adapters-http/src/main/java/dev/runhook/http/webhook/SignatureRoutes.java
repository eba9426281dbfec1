package dev.runhook.http.webhook;

import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.NoSuchWebhook;
import dev.runhook.application.RefusedException;
import dev.runhook.application.access.Access;
import dev.runhook.application.diagnosis.SignatureDiagnoser;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.domain.diagnosis.Diagnosis.Explained;
import dev.runhook.domain.diagnosis.Diagnosis.Unexplained;
import dev.runhook.domain.diagnosis.Diagnosis.Valid;
import dev.runhook.domain.diagnosis.DiagnosisInput;
import dev.runhook.domain.diagnosis.Keyring;
import dev.runhook.domain.diagnosis.MessageHeaders;
import dev.runhook.domain.diagnosis.SignatureMistake;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SecretDecryptionException;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Explains why a signature does not verify, at `/signatures/check`. The response never contains a
/// secret or a signature.
public final class SignatureRoutes {
  private static final Decoder<Payload> TEXT = Decoder.STRING.map(Payload::of);
  private static final Decoder<Payload> BASE64 = Decoder.STRING.map(SignatureRoutes::decodeBase64);

  private final Access access;
  private final WebhookAdmin webhooks;
  private final SignatureDiagnoser diagnoser;

  public SignatureRoutes(Access access, WebhookAdmin webhooks, SignatureDiagnoser diagnoser) {
    this.access = access;
    this.webhooks = webhooks;
    this.diagnoser = diagnoser;
  }

  record DiagnosisJson(String result, String header, List<CauseJson> causes, String message) {
    static DiagnosisJson of(Diagnosis diagnosis) {
      return new DiagnosisJson(
          result(diagnosis),
          diagnosis.header().headerName(),
          diagnosis.causes().stream().map(CauseJson::of).toList(),
          diagnosis.message());
    }

    private static String result(Diagnosis diagnosis) {
      return switch (diagnosis) {
        case Valid _ -> "VALID";
        case Explained _ -> "EXPLAINED";
        case Unexplained _ -> "UNEXPLAINED";
      };
    }
  }

  /// @param kind a stable identifier
  record CauseJson(String kind, String description, String fix) {
    static CauseJson of(SignatureMistake mistake) {
      return new CauseJson(mistake.kind().wireName(), mistake.description(), mistake.fix());
    }
  }

  private record SignatureRequest(DiagnosisInput input, SecretSource secrets) {}

  /// The source of the secrets: the request itself or a webhook.
  private sealed interface SecretSource {}

  private record RequestSecrets(Keyring keys) implements SecretSource {}

  private record WebhookSecrets(String stack, String webhook) implements SecretSource {}

  public void mount(Routes routes) {
    routes.account(POST, "/signatures/check", Role.READER, this::check);
  }

  private ApiResponse check(ApiRequest request) {
    SignatureRequest signatureRequest = request.readBody(SignatureRoutes::parse);
    Keyring keys =
        switch (signatureRequest.secrets()) {
          case RequestSecrets(Keyring secrets) -> secrets;
          case WebhookSecrets source -> webhookKeys(request, source);
        };
    return ApiResponse.ok(DiagnosisJson.of(diagnoser.diagnose(signatureRequest.input(), keys)));
  }

  private Keyring webhookKeys(ApiRequest request, WebhookSecrets source) {
    StackId stack = authorizedStack(request, source.stack());
    try {
      WebhookId webhook = new WebhookId(UUID.fromString(source.webhook()));
      return Keyring.of(webhooks.get(stack, webhook).keys());
    } catch (IllegalArgumentException _) {
      throw new RefusedException(new NoSuchWebhook(source.webhook()));
    } catch (SecretDecryptionException e) {
      throw new SecretDecryptionException(
          e.getMessage() + "; until then, send \"secret\" instead of \"stack\" and \"webhook\"");
    }
  }

  private StackId authorizedStack(ApiRequest request, String slug) {
    try {
      return access.authorize(request.grant(), Role.READER, slug);
    } catch (IllegalArgumentException _) {
      throw new RefusedException(new NoSuchStack(slug));
    }
  }

  private static Optional<SignatureRequest> parse(JsonObjectReader fields) {
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
