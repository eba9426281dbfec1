package dev.runhook.persistence;

import dev.runhook.domain.delivery.Answer;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Imprint;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.Signed;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Attempts as rows of the table `attempt`.
final class AttemptRows {
  private AttemptRows() {}

  static Attempt read(ResultSet row) throws SQLException {
    return new Attempt(
        row.getInt("number"),
        Moments.read(row, "started_at"),
        Duration.ofNanos(row.getLong("took_ns")),
        readOutcome(row),
        Optional.ofNullable(row.getString("wait")),
        readImprint(row));
  }

  private static Optional<Imprint> readImprint(ResultSet row) throws SQLException {
    byte[] signatures = row.getBytes("request_signatures");
    return signatures == null
        ? Optional.empty()
        : Optional.of(
            new Imprint(
                row.getInt("request_revision"),
                row.getString("request_agent"),
                Signed.read(signatures)));
  }

  private static Outcome readOutcome(ResultSet row) throws SQLException {
    String outcome = row.getString("outcome");
    return switch (outcome) {
      case "ANSWERED" -> new Outcome.Answered(readAnswer(row), readRetryAfter(row));
      case "UNANSWERED" ->
          new Outcome.Unanswered(
              Outcome.Cause.valueOf(row.getString("cause")), row.getString("detail"));
      case "REFUSED" -> new Outcome.Refused(row.getString("detail"));
      case "FAULTED" -> new Outcome.Faulted(row.getString("detail"));
      default -> throw new IllegalStateException("no outcome is called \"" + outcome + "\"");
    };
  }

  private static Answer readAnswer(ResultSet row) throws SQLException {
    return new Answer(
        row.getInt("status_code"),
        readHeaders(row),
        new String(row.getBytes("response_body"), StandardCharsets.UTF_8),
        row.getBoolean("response_truncated"));
  }

  private static List<Header> readHeaders(ResultSet row) throws SQLException {
    List<String> names = StackRows.texts(row, "response_header_names");
    List<String> values = StackRows.texts(row, "response_header_values");
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
