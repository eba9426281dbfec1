package dev.runhook.persistence.delivery;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.delivery.RequestSnapshot;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SignatureSet;
import dev.runhook.persistence.jdbi.SqlText;
import dev.runhook.persistence.jdbi.Timestamps;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads attempts from rows of the table `attempt`.
final class AttemptMapper {
  private AttemptMapper() {}

  static Attempt read(ResultSet row) throws SQLException {
    return new Attempt(
        row.getInt("number"),
        Timestamps.read(row, "started_at"),
        Duration.ofNanos(row.getLong("duration_ns")),
        readOutcome(row),
        Optional.ofNullable(row.getString("retry_delay_reason")),
        readRequest(row));
  }

  private static Optional<RequestSnapshot> readRequest(ResultSet row) throws SQLException {
    byte[] signatures = row.getBytes("request_signatures");
    return signatures == null
        ? Optional.empty()
        : Optional.of(
            new RequestSnapshot(
                row.getInt("request_revision"),
                row.getString("request_user_agent"),
                SignatureSet.fromBytes(signatures)));
  }

  private static Outcome readOutcome(ResultSet row) throws SQLException {
    String outcome = row.getString("outcome");
    return switch (outcome) {
      case "RESPONDED" -> new Outcome.Responded(readResponse(row), readRetryAfter(row));
      case "NO_RESPONSE" ->
          new Outcome.NoResponse(
              Outcome.Cause.valueOf(row.getString("cause")), row.getString("detail"));
      case "BLOCKED" -> new Outcome.Blocked(row.getString("detail"));
      case "INTERNAL_ERROR" -> new Outcome.InternalFailure(row.getString("detail"));
      default -> throw new IllegalStateException("unknown outcome \"" + outcome + "\"");
    };
  }

  private static ReceiverResponse readResponse(ResultSet row) throws SQLException {
    return new ReceiverResponse(
        row.getInt("status_code"),
        readHeaders(row),
        new String(row.getBytes("response_body"), StandardCharsets.UTF_8),
        row.getBoolean("response_truncated"));
  }

  private static List<Header> readHeaders(ResultSet row) throws SQLException {
    List<String> names = SqlText.readArray(row, "response_header_names");
    List<String> values = SqlText.readArray(row, "response_header_values");
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      headers.add(new Header(names.get(i), values.get(i)));
    }
    return headers;
  }

  private static Optional<Duration> readRetryAfter(ResultSet row) throws SQLException {
    long millis = row.getLong("retry_after_ms");
    return row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }
}
