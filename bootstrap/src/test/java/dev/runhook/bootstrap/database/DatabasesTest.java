package dev.runhook.bootstrap.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.SettingsReader;
import dev.runhook.persistence.schema.Schema;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasesTest {
  @TempDir private Path dataDir = Path.of(".");

  @Test
  void an_unreachable_database_of_a_bucket_is_reported_with_its_variable() {
    String message = "RUNHOOK_BUCKET_URLS: the database at ";
    Settings settings =
        SettingsReader.read(
            Map.of(
                "RUNHOOK_BUCKETS", "2",
                "RUNHOOK_BUCKET_URLS",
                    "0=postgresql://127.0.0.1:1/a;1=postgresql://127.0.0.1:1/b"));

    try (Databases databases = Databases.of(settings)) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(databases::connect)
          .withMessageStartingWith(message);
    }
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> CliDatabase.open(settings))
        .withMessageStartingWith(message);
  }

  @Test
  void a_command_can_use_each_bucket_before_the_first_start_of_a_server() {
    Settings settings =
        SettingsReader.read(Map.of("RUNHOOK_BUCKETS", "2", "RUNHOOK_DATA_DIR", dataDir.toString()));

    try (CliDatabase database = CliDatabase.open(settings)) {
      assertThat(database.ofBuckets((source, schema) -> new Schema(source, schema).exists()))
          .containsExactly(true, true);
    }
  }
}
