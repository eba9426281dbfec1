package dev.runhook.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;

/// The result of reporting one transition.
public sealed interface ReportResult {
  /// The transition is recorded.
  ///
  /// @param stateVersion the version that was reported or assigned
  /// @param expected whether the transition is one of the usual ones
  /// @param deliveries how many deliveries were created
  /// @param duplicate whether it had been recorded before, so that nothing changed
  record Accepted(
      long stateVersion, Instant timestamp, boolean expected, int deliveries, boolean duplicate)
      implements ReportResult {}

  /// The transition is not recorded. With the status 500 or 503, it may have been recorded; report
  /// it again with the same version.
  record Refused(ApiProblem problem) implements ReportResult {}

  /// Returns the recorded transition.
  ///
  /// @throws ApiProblemException if the report was refused
  default Accepted orThrow() {
    return switch (this) {
      case Accepted accepted -> accepted;
      case Refused(ApiProblem problem) -> throw new ApiProblemException(problem);
    };
  }

  /// @param item the response to a report, or an item of a batch
  /// @throws ApiProblemException if it is not from a Runhook server
  static ReportResult of(int status, JsonNode item) {
    if (status >= 300) {
      return new Refused(ApiProblem.of(status, item.path("problem")));
    }
    try {
      return new Accepted(
          item.path("stateVersion").asLong(),
          Instant.parse(item.path("timestamp").asText()),
          item.path("expected").asBoolean(),
          item.path("deliveries").asInt(),
          status == 200);
    } catch (DateTimeException ignored) {
      throw ApiProblemException.notFromServer(status);
    }
  }
}
