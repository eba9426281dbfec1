package dev.runhook.http.webhook;

import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.application.access.Access;
import dev.runhook.application.refusal.Refusal.NoSuchStack;
import dev.runhook.application.refusal.Refusal.NoSuchWebhook;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SecretDecryptionException;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningKeys.PreviousSecret;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// The route `/signatures/check`, which explains why a signature does not verify. The response
/// never contains a secret or a signature.
public final class SignatureRoutes {
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final Decoder<Payload> TEXT = Decoder.STRING.map(Payload::of);
  private static final Decoder<Payload> BASE64 = Decoder.STRING.map(SignatureRoutes::decodeBase64);

  private final Access access;
  private final WebhookAdmin webhooks;
  private final SignatureDiagnosis diagnosis;

  public SignatureRoutes(Access access, WebhookAdmin webhooks, SignatureDiagnosis diagnosis) {
    this.access = access;
    this.webhooks = webhooks;
    this.diagnosis = diagnosis;
  }

  /// @param secrets the secrets in the request; absent to use those of the webhook
  private record SignatureRequest(
      Payload body,
      String signature,
      Optional<String> id,
      Optional<Long> timestamp,
      Optional<List<String>> secrets,
      Optional<String> stack,
      Optional<String> webhook) {
    SignatureRequest {
      require(
          id.isPresent() == timestamp.isPresent(),
          "send both \"id\" and \"timestamp\", or neither");
      require(
          stack.isPresent() == webhook.isPresent(),
          "send both \"stack\" and \"webhook\", or neither");
      require(
          secrets.isPresent() != webhook.isPresent(),
          "send either \"secret\" or both \"stack\" and \"webhook\"");
    }
  }

  public void mount(Routes routes) {
    routes.account(POST, "/signatures/check", Role.READER, this::check);
  }

  private ApiResponse check(ApiRequest request) {
    request.awaitBody(MAX_BODY_BYTES);
    SignatureRequest body = request.readBody(SignatureRoutes::parse);
    List<String> secrets = body.secrets().orElseGet(() -> webhookSecrets(request, body));
    return ApiResponse.ok(request.process(() -> diagnose(body, secrets)));
  }

  private JsonNode diagnose(SignatureRequest body, List<String> secrets) {
    try {
      return diagnosis.diagnose(
          body.body(), body.signature(), body.id(), body.timestamp(), secrets);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.of(400, "validation-error", String.valueOf(e.getMessage())).withErrorAt(""));
    }
  }

  private List<String> webhookSecrets(ApiRequest request, SignatureRequest body) {
    StackId stack = authorizedStack(request, body.stack().orElseThrow());
    String id = body.webhook().orElseThrow();
    try {
      return reveal(webhooks.get(stack, new WebhookId(UUID.fromString(id))).keys());
    } catch (IllegalArgumentException ignored) {
      throw new RefusedException(new NoSuchWebhook(id));
    } catch (SecretDecryptionException e) {
      throw new SecretDecryptionException(
          e.getMessage() + "; until then, send \"secret\" instead of \"stack\" and \"webhook\"");
    }
  }

  /// Returns the secrets of a webhook. The previous secret is included even after it expired,
  /// because a receiver may still use it, and is left out if it cannot be decrypted.
  private static List<String> reveal(SigningKeys keys) {
    Stream<SigningSecret> previous =
        keys.previous().stream().map(PreviousSecret::secret).filter(SigningSecret::isDecrypted);
    return Stream.concat(Stream.of(keys.current()), previous).map(SigningSecret::reveal).toList();
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
            body(text, bytes),
            signature.orElseThrow(),
            id,
            timestamp,
            secret.map(it ->
                Stream.concat(Stream.of(it), previous.stream().flatMap(List::stream)).toList()),
            stack,
            webhook));
  }

  private static Payload body(Optional<Payload> text, Optional<Payload> bytes) {
    require(
        text.isPresent() != bytes.isPresent(),
        "send the body either as \"body\" or as \"bodyBase64\"");
    return text.or(() -> bytes).orElseThrow();
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
