package dev.runhook.http.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.domain.event.Payload;
import java.util.List;
import java.util.Optional;

/// Explains why signatures do not verify, for `/signatures/check`. `runhook-diagnosis` has an
/// implementation: `DiagnosisJson::diagnose`. Implementations must be thread-safe.
@FunctionalInterface
public interface SignatureDiagnosis {
  /// Diagnoses a signature in a bounded time.
  ///
  /// @param signature the value of a signature header, or the whole line with the header's name
  /// @param id the `webhook-id` of the request; present if the timestamp is
  /// @param timestamp the `webhook-timestamp` of the request, in Unix seconds
  /// @param secrets the current secret and then earlier ones, exactly as entered
  /// @return the response, as the API description defines it, without a secret or a signature
  /// @throws IllegalArgumentException with a message for users, if the input is incomplete or
  ///   exceeds a limit
  JsonNode diagnose(
      Payload body,
      String signature,
      Optional<String> id,
      Optional<Long> timestamp,
      List<String> secrets);
}
