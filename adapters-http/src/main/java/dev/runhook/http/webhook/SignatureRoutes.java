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
import dev.runhook.domain.diagnosis.Keyring;
import dev.runhook.domain.diagnosis.SignatureMistake;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SecretDecryptionException;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import dev.runhook.http.webhook.SignatureRequestParser.SignatureRequest;
import dev.runhook.http.webhook.SignatureRequestParser.WebhookSecrets;
import java.util.List;
import java.util.UUID;

/// Explains why a signature does not verify, at `/signatures/check`. The response never contains a
/// secret or a signature.
public final class SignatureRoutes {
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

  public void mount(Routes routes) {
    routes.account(POST, "/signatures/check", Role.READER, this::check);
  }

  private ApiResponse check(ApiRequest request) {
    SignatureRequest signatureRequest = request.readBody(SignatureRequestParser::parse);
    Keyring keys =
        switch (signatureRequest.secrets()) {
          case SignatureRequestParser.RequestSecrets(Keyring secrets) -> secrets;
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
}
