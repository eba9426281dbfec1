package dev.runhook.diagnosis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.Diagnosis.Explained;
import dev.runhook.diagnosis.Diagnosis.Unexplained;
import dev.runhook.diagnosis.Diagnosis.Valid;
import dev.runhook.diagnosis.DiagnosisInput.MessageHeaders;
import dev.runhook.domain.event.Payload;
import java.util.List;
import java.util.Optional;

/// A diagnosis in JSON, as `POST /api/v1/signatures/check` returns it.
public final class DiagnosisJson {
  private DiagnosisJson() {}

  /// Diagnoses a signature. The work is bounded, however large the body is.
  ///
  /// @param id the `webhook-id`; present if the timestamp is
  /// @param secrets the current secret, and then at most four earlier ones
  /// @throws IllegalArgumentException with a message for users, if the input is incomplete or
  ///   exceeds a limit
  public static ObjectNode diagnose(
      Payload body,
      String signature,
      Optional<String> id,
      Optional<Long> timestamp,
      List<String> secrets) {
    Optional<MessageHeaders> message =
        id.map(it -> new MessageHeaders(it, timestamp.orElseThrow()));
    Keyring keys = new Keyring(secrets.getFirst(), secrets.subList(1, secrets.size()));
    return of(MistakeSearch.diagnose(new DiagnosisInput(body, signature, message), keys));
  }

  public static ObjectNode of(Diagnosis diagnosis) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("result", result(diagnosis));
    object.put("header", diagnosis.header().headerName());
    ArrayNode causes = object.putArray("causes");
    for (SignatureMistake cause : diagnosis.causes()) {
      causes
          .addObject()
          .put("kind", cause.kind().wireName())
          .put("description", cause.description())
          .put("fix", cause.fix());
    }
    return object.put("message", diagnosis.message());
  }

  private static String result(Diagnosis diagnosis) {
    return switch (diagnosis) {
      case Valid ignored -> "VALID";
      case Explained ignored -> "EXPLAINED";
      case Unexplained ignored -> "UNEXPLAINED";
    };
  }
}
