package dev.runhook.persistence.run;

import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.persistence.jdbi.SqlValues;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A run with its row id, and what the store keeps for its deliveries.
///
/// @param stack the row id of its stack
/// @param notified the column `last_notified_versions`
/// @param changedAt when its last transition was saved, by the clock of the database
record StoredRun(UUID id, UUID stack, Run run, Map<UUID, Long> notified, Instant changedAt) {
  /// An entry of the object that PostgreSQL prints for `last_notified_versions`.
  private static final Pattern NOTIFIED_VERSION = Pattern.compile("\"([0-9a-f-]{36})\": (\\d+)");

  private static final int BYTES_OF_OBJECTS = 1_000;
  private static final int BYTES_OF_NOTIFIED_VERSION = 100;

  StoredRun {
    notified = Map.copyOf(notified);
  }

  static StoredRun read(ResultSet row) throws SQLException {
    return new StoredRun(
        row.getObject("id", UUID.class),
        row.getObject("stack_id", UUID.class),
        RunMapper.read(row),
        parse(row.getString("last_notified_versions")),
        SqlValues.instant(row, "last_transition_at"));
  }

  private static Map<UUID, Long> parse(String notified) {
    Map<UUID, Long> versions = new HashMap<>();
    Matcher matcher = NOTIFIED_VERSION.matcher(notified);
    while (matcher.find()) {
      versions.put(UUID.fromString(matcher.group(1)), Long.valueOf(matcher.group(2)));
    }
    return versions;
  }

  /// Roughly the memory that it takes.
  long bytes() {
    RunDetails details = run.details();
    Commit commit = details.commit();
    Stream<String> texts =
        Stream.of(run.id().name(), details.branch(), commit.message(), commit.authorName());
    Stream<String> optionalTexts =
        Stream.of(details.triggeredBy(), details.url(), details.command(), commit.url())
            .flatMap(Optional::stream);
    return BYTES_OF_OBJECTS
        + (long) BYTES_OF_NOTIFIED_VERSION * notified.size()
        + Stream.concat(texts, optionalTexts).mapToLong(text -> 2L * text.length()).sum();
  }
}
