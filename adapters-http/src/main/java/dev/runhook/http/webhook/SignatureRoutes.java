package dev.runhook.http.webhook;

import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.access.Access;
import dev.runhook.application.refusal.Refusal.NoSuchStack;
import dev.runhook.application.refusal.Refusal.NoSuchWebhook;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.diagnosis.Diagnosis;
import dev.runhook.diagnosis.Diagnosis.Explained;
import dev.runhook.diagnosis.Diagnosis.ReserializedBody;
import dev.runhook.diagnosis.Diagnosis.Unexplained;
import dev.runhook.diagnosis.Diagnosis.Valid;
import dev.runhook.diagnosis.DiagnosisInput;
import dev.runhook.diagnosis.DiagnosisInput.MessageHeaders;
import dev.runhook.diagnosis.Keyring;
import dev.runhook.diagnosis.MistakeSearch;
import dev.runhook.diagnosis.SignatureMistake;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SecretDecryptionException;
import dev.runhook.domain.text.TextLimits;
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
import java.util.function.Function;
import java.util.stream.Stream;

/// The route `/signatures/check`, which explains why a signature does not verify. The response
/// never contains a secret or a signature.
public final class SignatureRoutes {
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final Decoder<Payload> TEXT = Decoder.STRING.map(Payload::of);
  private static final Decoder<Payload> BASE64 = Decoder.STRING.map(SignatureRoutes::decodeBase64);

  private final Access access;
  private final WebhookAdmin webhooks;
  private final Function<Payload, Stream<ReserializedBody>> reserializer;

  /// @param reserializer returns the bodies that programs write after parsing a body
  public SignatureRoutes(
      Access access,
      WebhookAdmin webhooks,
      Function<Payload, Stream<ReserializedBody>> reserializer) {
    this.access = access;
    this.webhooks = webhooks;
    this.reserializer = reserializer;
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
        case Valid ignored -> "VALID";
        case Explained ignored -> "EXPLAINED";
        case Unexplained ignored -> "UNEXPLAINED";
      };
    }
  }

  /// @param kind a stable identifier
  record CauseJson(String kind, String description, String fix) {
    static CauseJson of(SignatureMistake mistake) {
      return new CauseJson(mistake.kind().wireName(), mistake.description(), mistake.fix());
    }
  }

  /// @param keys the secrets in the request; absent to use those of the webhook
  private record SignatureRequest(
      DiagnosisInput input,
      Optional<Keyring> keys,
      Optional<String> stack,
      Optional<String> webhook) {
    SignatureRequest {
      require(
          stack.isPresent() == webhook.isPresent(),
          "send both \"stack\" and \"webhook\", or neither");
      require(
          keys.isPresent() != webhook.isPresent(),
          "send either \"secret\" or both \"stack\" and \"webhook\"");
    }
  }

  public void mount(Routes routes) {
    routes.account(POST, "/signatures/check", Role.READER, this::check);
  }

  private ApiResponse check(ApiRequest request) {
    request.awaitBody(MAX_BODY_BYTES);
    SignatureRequest body = request.readBody(SignatureRoutes::parse);
    Keyring keys = body.keys().orElseGet(() -> webhookKeys(request, body));
    Diagnosis diagnosis =
        request.process(() -> MistakeSearch.diagnose(body.input(), keys, reserializer));
    return ApiResponse.ok(DiagnosisJson.of(diagnosis));
  }

  private Keyring webhookKeys(ApiRequest request, SignatureRequest body) {
    StackId stack = authorizedStack(request, body.stack().orElseThrow());
    String id = body.webhook().orElseThrow();
    try {
      return Keyring.of(webhooks.get(stack, new WebhookId(UUID.fromString(id))).keys());
    } catch (IllegalArgumentException ignored) {
      throw new RefusedException(new NoSuchWebhook(id));
    } catch (SecretDecryptionException e) {
      throw new SecretDecryptionException(
          e.getMessage() + "; until then, send \"secret\" instead of \"stack\" and \"webhook\"");
    }
  }

  private StackId authorizedStack(ApiRequest request, String slug) {
    try {
      return access.authorize(request.grant(), Role.READER, slug);
    } catch (IllegalArgumentException ignored) {
      throw new RefusedException(new NoSuchStack(slug));
    }
  }

  private static Optional<SignatureRequest> parse(JsonObjectReader fields) {
    Optional<String> signature = fields.required("signature", Decoder.STRING);
    Optional<Payload> text = fields.optional("body", TEXT);
    Optional<Payload> bytes = fields.optional("bodyBase64", BASE64);
    Optional<String> id = fields.optional("id", Decoder.nonBlankText(TextLimits.MAX_NAME));
    Optional<Long> timestamp = fields.optional("timestamp", Decoder.integerAtLeast(0));
    Optional<String> secret = fields.optional("secret", Decoder.STRING);
    Optional<List<String>> previous =
        fields.optional("previousSecrets", Decoder.listOf(Decoder.STRING));
    Optional<String> stack = fields.optional("stack", Decoder.STRING);
    Optional<String> webhook = fields.optional("webhook", Decoder.STRING);
    return fields.build(() ->
        new SignatureRequest(
            new DiagnosisInput(
                body(text, bytes), signature.orElseThrow(), messageHeaders(id, timestamp)),
            secret.map(it -> new Keyring(it, previous.orElse(List.of()))),
            stack,
            webhook));
  }

  private static Payload body(Optional<Payload> text, Optional<Payload> bytes) {
    require(
        text.isPresent() != bytes.isPresent(),
        "send the body either as \"body\" or as \"bodyBase64\"");
    return text.or(() -> bytes).orElseThrow();
  }

  private static Optional<MessageHeaders> messageHeaders(
      Optional<String> id, Optional<Long> timestamp) {
    require(
        id.isPresent() == timestamp.isPresent(), "send both \"id\" and \"timestamp\", or neither");
    return id.map(it -> new MessageHeaders(it, timestamp.orElseThrow()));
  }

  private static void require(boolean valid, String error) {
    if (!valid) {
      throw new IllegalArgumentException(error);
    }
  }

  private static Payload decodeBase64(String base64) {
    try {
      return Payload.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException ignored) {
      throw new IllegalArgumentException("must be the bytes of the body in base64");
    }
  }
}
