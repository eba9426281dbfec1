package dev.runhook.http;

import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.NoSuchWebhook;
import dev.runhook.application.RefusedException;
import dev.runhook.application.access.Access;
import dev.runhook.application.diagnosis.SignatureDoctor;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.diagnosis.Examination;
import dev.runhook.domain.diagnosis.Examination.Mistaken;
import dev.runhook.domain.diagnosis.Examination.Unexplained;
import dev.runhook.domain.diagnosis.Examination.Verified;
import dev.runhook.domain.diagnosis.Keyring;
import dev.runhook.domain.diagnosis.Mistake;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SecretUnreadableException;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.SignatureForms.Inquiry;
import dev.runhook.http.SignatureForms.Stored;
import java.util.List;
import java.util.UUID;

/// `/signatures/check`: why a signature does not verify. The answer gives away neither a secret nor
/// a signature.
final class SignatureRoutes {
  private final Access access;
  private final WebhookAdmin webhooks;
  private final SignatureDoctor doctor;

  SignatureRoutes(Access access, WebhookAdmin webhooks, SignatureDoctor doctor) {
    this.access = access;
    this.webhooks = webhooks;
    this.doctor = doctor;
  }

  /// An examination as the API tells it.
  record ExaminationJson(
      String verdict, String header, List<MistakeJson> mistakes, String sentence) {
    static ExaminationJson of(Examination examination) {
      return new ExaminationJson(
          verdict(examination),
          examination.header().title(),
          examination.findings().stream().map(MistakeJson::of).toList(),
          examination.sentence());
    }

    private static String verdict(Examination examination) {
      return switch (examination) {
        case Verified _ -> "VERIFIED";
        case Mistaken _ -> "MISTAKEN";
        case Unexplained _ -> "UNEXPLAINED";
      };
    }
  }

  /// @param kind for programs
  record MistakeJson(String kind, String what, String mend) {
    static MistakeJson of(Mistake mistake) {
      return new MistakeJson(mistake.kind().wireName(), mistake.what(), mistake.mend());
    }
  }

  void mount(Routes routes) {
    routes.account(POST, "/signatures/check", Role.READER, this::check);
  }

  private Answer check(Call call) {
    Inquiry inquiry = call.body(SignatureForms::inquiry);
    Keyring keys =
        switch (inquiry.secrets()) {
          case SignatureForms.Told(Keyring told) -> told;
          case Stored stored -> kept(call, stored);
        };
    return Answer.ok(ExaminationJson.of(doctor.examine(inquiry.evidence(), keys)));
  }

  private Keyring kept(Call call, Stored stored) {
    StackId stack = readable(call, stored.stack());
    try {
      WebhookId webhook = new WebhookId(UUID.fromString(stored.webhook()));
      return Keyring.of(webhooks.find(stack, webhook).keys());
    } catch (IllegalArgumentException _) {
      throw new RefusedException(new NoSuchWebhook(stored.webhook()));
    } catch (SecretUnreadableException e) {
      throw new SecretUnreadableException(
          e.getMessage() + "; meanwhile ask with \"secret\" instead of \"stack\" and \"webhook\"");
    }
  }

  private StackId readable(Call call, String slug) {
    try {
      return access.permit(call.grant(), Role.READER, slug);
    } catch (IllegalArgumentException _) {
      throw new RefusedException(new NoSuchStack(slug));
    }
  }
}
