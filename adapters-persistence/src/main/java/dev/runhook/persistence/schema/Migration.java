package dev.runhook.persistence.schema;

import dev.runhook.domain.text.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// A file of SQL statements that change the tables. Its names are resolved in the schema, which is
/// the search path.
///
/// @param version the number of the file: 1, 2, 3 …
record Migration(int version, String file, String sql) {
  private static final String FOLDER = "/dev/runhook/persistence/migration/";

  /// All files in the order of their numbers.
  static final List<Migration> ALL =
      Stream.of(
              "V1__create_stacks_runs_and_events.sql",
              "V2__create_webhooks.sql",
              "V3__create_deliveries.sql",
              "V4__create_access_and_audit.sql",
              "V5__create_installation.sql")
          .map(Migration::read)
          .toList();

  private static Migration read(String file) {
    int version = Integer.parseInt(file.substring(1, file.indexOf('_')));
    try (InputStream content = Migration.class.getResourceAsStream(FOLDER + file)) {
      if (content == null) {
        throw new IllegalStateException("the jar has no " + file);
      }
      return new Migration(
          version, file, new String(content.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Changes if the file does.
  String checksum() {
    return Sha256.hex(sql.getBytes(StandardCharsets.UTF_8));
  }
}
