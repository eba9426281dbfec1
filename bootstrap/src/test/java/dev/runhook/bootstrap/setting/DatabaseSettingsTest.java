package dev.runhook.bootstrap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.application.spi.Buckets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "postgresql://db/runhook, jdbc:postgresql://db/runhook",
    "postgres://db/runhook, jdbc:postgresql://db/runhook",
    "postgresql://u:p@db:5433/runhook?sslmode=require,"
        + " jdbc:postgresql://db:5433/runhook?sslmode=require",
    "postgresql://[::1]:5433/runhook, jdbc:postgresql://[::1]:5433/runhook",
    "jdbc:postgresql://db:5433/runhook, jdbc:postgresql://db:5433/runhook"
  })
  void a_url_is_converted_to_jdbc_without_the_user_and_the_password(String url, String jdbcUrl) {
    assertThat(parse(url).jdbcUrl()).isEqualTo(jdbcUrl);
  }

  @Test
  void the_user_and_the_password_are_taken_from_the_url() {
    DatabaseSettings settings = parse("postgresql://run%40hook:p%3Aw+d%2F@db/runhook");

    assertThat(settings.user()).contains("run@hook");
    assertThat(settings.password()).contains("p:w+d/");
  }

  @Test
  void a_separate_user_and_password_override_the_url() {
    DatabaseSettings settings =
        DatabaseSettings.parse("postgresql://a:b@db/runhook", Optional.of("c"), Optional.of("d"));

    assertThat(settings.user()).contains("c");
    assertThat(settings.password()).contains("d");
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://db.example.com:5433/runhook, db.example.com",
    "jdbc:postgresql://db.example.com/runhook, db.example.com",
    "jdbc:postgresql:runhook, ''",
    "'postgresql://u:p@db1:5433,db2,[::1]:5434/runhook', db1 db2 [::1]"
  })
  void the_hosts_are_parsed(String url, String hosts) {
    assertThat(String.join(" ", parse(url).hosts())).isEqualTo(hosts);
  }

  @ParameterizedTest
  @CsvSource({
    "'postgresql://u:p@db1:5433,db2/runhook', 'jdbc:postgresql://db1:5433,db2/runhook?'",
    "'jdbc:postgresql://db1,db2/runhook', 'jdbc:postgresql://db1,db2/runhook?'",
    "'postgres://[::1],[::2]:5433/runhook?a=b', 'jdbc:postgresql://[::1],[::2]:5433/runhook?a=b&'"
  })
  void the_primary_of_several_hosts_is_used(String url, String jdbcUrl) {
    DatabaseSettings settings = parse(url);

    assertThat(settings.jdbcUrl()).isEqualTo(jdbcUrl + "targetServerType=primary");
    assertThat(parse(settings.jdbcUrl())).isEqualTo(new DatabaseSettings(settings.jdbcUrl()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db1,db2/runhook?targetServerType=any",
        "postgresql://db1,db2/runhook?a=b&targetServerType=preferSecondary",
        "postgresql://db/runhook?targetServerType=secondary"
      })
  void a_url_must_not_ask_for_a_standby(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(url))
        .withMessageContaining("targetServerType");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://db/runhook",
        "postgresql:///runhook",
        "postgresql://db1,,db2/runhook",
        "postgresql://db1,d b2/runhook",
        "jdbc:postgresql://db1:port,db2/runhook",
        "postgresql://u:p|w@db/runhook",
        "jdbc:postgresql://db/a b"
      })
  void an_invalid_url_is_rejected_without_quoting_it(String url) {
    assertThatIllegalArgumentException().isThrownBy(() -> parse(url)).withMessageNotContaining(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:hush@db/runhook",
        "jdbc:postgresql://db/runhook?user=u&password=hush",
        "jdbc:postgresql://db/runhook?PASSWORD=hush&ssl=true"
      })
  void the_text_form_contains_no_password(String url) {
    assertThat(parse(url).toString())
        .contains("jdbc:postgresql://db/runhook")
        .doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource({
    "0-2=postgresql://u%40x@db1/runhook, 0-2=postgresql://u%40x@db1/runhook",
    "0=postgresql://db1/a;1=postgresql://db1/b?x=y;2=postgresql://db1/b?x=y,"
        + " 0=jdbc:postgresql://db1/a;1-2=jdbc:postgresql://db1/b?x=y",
    "1-2=jdbc:postgresql:a;0=postgresql://u:hush@db1/a?password=hush,"
        + " 0=postgresql://u@db1/a?password=…;1-2=jdbc:postgresql:a"
  })
  void the_databases_of_buckets_are_formatted_as_they_are_parsed(String text, String formatted) {
    Buckets buckets = new Buckets(3);
    List<DatabaseSettings> databases =
        DatabaseSettings.parseBuckets(text, buckets, Optional.empty(), Optional.empty());

    assertThat(DatabaseSettings.formatBuckets(databases)).isEqualTo(formatted);

    if (!text.contains("hush")) {
      assertThat(
              DatabaseSettings.parseBuckets(formatted, buckets, Optional.empty(), Optional.empty()))
          .isEqualTo(databases);
    }
  }

  private static DatabaseSettings parse(String url) {
    return DatabaseSettings.parse(url, Optional.empty(), Optional.empty());
  }
}
