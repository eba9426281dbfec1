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

/// `/signatures/check`: why a signature does not verify. The answer gives away neither a secret nor
/// a signature.
public final class SignatureRoutes {
  private final Access access;
  private final WebhookAdmin webhooks;
  private final SignatureDiagnoser doctor;

  public SignatureRoutes(Access access, WebhookAdmin webhooks, SignatureDiagnoser doctor) {
    this.access = access;
    this.webhooks = webhooks;
    this.doctor = doctor;
  }

  /// An examination as the API tells it.
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
        case Valid _ -> "VERIFIED";
        case Explained _ -> "MISTAKEN";
        case Unexplained _ -> "UNEXPLAINED";
      };
    }
  }

  /// @param kind for programs
  record CauseJson(String kind, String description, String fix) {
    static CauseJson of(SignatureMistake signatureMistake) {
      return new CauseJson(
          signatureMistake.kind().wireName(),
          signatureMistake.description(),
          signatureMistake.fix());
    }
  }

  public void mount(Routes routes) {
    routes.account(POST, "/signatures/check", Role.READER, this::check);
  }

  private ApiResponse check(ApiRequest apiRequest) {
    SignatureRequest signatureRequest = apiRequest.readBody(SignatureRequestParser::parse);
    Keyring keys =
        switch (signatureRequest.secrets()) {
          case SignatureRequestParser.RequestSecrets(Keyring told) -> told;
          case WebhookSecrets webhookSecrets -> kept(apiRequest, webhookSecrets);
        };
    return ApiResponse.ok(DiagnosisJson.of(doctor.diagnose(signatureRequest.input(), keys)));
  }

  private Keyring kept(ApiRequest apiRequest, WebhookSecrets webhookSecrets) {
    StackId stack = readable(apiRequest, webhookSecrets.stack());
    try {
      WebhookId webhook = new WebhookId(UUID.fromString(webhookSecrets.webhook()));
      return Keyring.of(webhooks.get(stack, webhook).keys());
    } catch (IllegalArgumentException _) {
      throw new RefusedException(new NoSuchWebhook(webhookSecrets.webhook()));
    } catch (SecretDecryptionException e) {
      throw new SecretDecryptionException(
          e.getMessage() + "; meanwhile ask with \"secret\" instead of \"stack\" and \"webhook\"");
    }
  }

  private StackId readable(ApiRequest apiRequest, String slug) {
    try {
      return access.authorize(apiRequest.grant(), Role.READER, slug);
    } catch (IllegalArgumentException _) {
      throw new RefusedException(new NoSuchStack(slug));
    }
  }
}
