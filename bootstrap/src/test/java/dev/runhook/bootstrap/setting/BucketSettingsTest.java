package dev.runhook.bootstrap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runhook.application.spi.Buckets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketSettingsTest {
  private static final String URLS = "0-1=postgresql://a/one; 2=postgresql://u:p@b,c/two";

  @Test
  void by_default_there_is_one_bucket() {
    Settings settings = SettingsReader.read(Map.of());

    assertThat(settings.get(SettingDefinitions.BUCKETS)).isEqualTo(new Buckets(1));
    assertThat(settings.bucketDatabases()).isEmpty();
  }

  @Test
  void each_bucket_has_its_database() {
    Settings settings =
        SettingsReader.read(
            Map.of(
                "RUNHOOK_BUCKETS", "3",
                "RUNHOOK_BUCKET_URLS", URLS,
                "RUNHOOK_DATABASE_PASSWORD", "of-all"));

    assertThat(settings.bucketDatabases())
        .extracting(DatabaseSettings::jdbcUrl)
        .containsExactly(
            "jdbc:postgresql://a/one",
            "jdbc:postgresql://a/one",
            "jdbc:postgresql://b,c/two?targetServerType=primary");
    assertThat(settings.database()).contains(settings.bucketDatabases().getFirst());
    assertThat(settings.bucketDatabases().getLast().user()).contains("u");
    assertThat(settings.bucketDatabases().getLast().password()).contains("of-all");
    assertThat(settings.effective())
        .filteredOn(each -> each.variable().equals("RUNHOOK_BUCKET_URLS"))
        .singleElement()
        .satisfies(each -> assertThat(each.value()).contains("://u:…@b,c/two"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0=postgresql://a/one | RUNHOOK_BUCKETS must be a whole number from 1 to 64, not \"0\"",
        "2 | 0=postgresql://a/one | RUNHOOK_BUCKET_URLS must have a database for each bucket from 0 to 1",
        "2 | 0-2=postgresql://a/one | RUNHOOK_BUCKET_URLS must have a database for each bucket from 0 to 1",
        "2 | 0-1=postgresql://a/b;1=postgresql://a/c | RUNHOOK_BUCKET_URLS has two databases for bucket 1",
        "2 | postgresql://a/one | RUNHOOK_BUCKET_URLS must be ranges such as 0-7=URL;8-15=URL"
      })
  void invalid_buckets_are_reported(String buckets, String urls, String problem) {
    assertThat(problemsOf(Map.of("RUNHOOK_BUCKETS", buckets, "RUNHOOK_BUCKET_URLS", urls)))
        .contains(problem);
  }

  @Test
  void one_database_and_several_exclude_each_other() {
    Map<String, String> variables = new HashMap<>();
    variables.put("RUNHOOK_BUCKETS", "3");
    variables.put("RUNHOOK_BUCKET_URLS", URLS);
    variables.put("RUNHOOK_DATABASE_URL", "postgresql://a/one");

    assertThat(problemsOf(variables))
        .contains("RUNHOOK_BUCKET_URLS and RUNHOOK_DATABASE_URL must not both be set");
  }

  private static Iterable<String> problemsOf(Map<String, String> variables) {
    ConfigurationException thrown =
        catchThrowableOfType(ConfigurationException.class, () -> SettingsReader.read(variables));
    return Objects.requireNonNull(thrown).problems();
  }
}
