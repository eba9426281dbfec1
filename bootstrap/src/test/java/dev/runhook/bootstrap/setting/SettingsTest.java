package dev.runhook.bootstrap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.egress.Network;
import dev.runhook.domain.signing.IngestSecret;
import dev.runhook.domain.signing.SigningSecret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final String TOKEN = "a-token-of-twenty-four-characters-or-more";

  @Test
  void unset_variables_have_the_documented_defaults() {
    Settings settings = SettingsReader.read(Map.of());

    assertThat(settings.get(SettingDefinitions.HOST)).isEqualTo("127.0.0.1");
    assertThat(settings.get(SettingDefinitions.PORT)).isEqualTo(8080);
    assertThat(settings.database()).isEmpty();
    assertThat(settings.get(SettingDefinitions.DATA_DIR)).isEqualTo(Path.of("./data"));
    assertThat(settings.get(SettingDefinitions.ACCOUNT)).isEqualTo(new AccountId("default"));
    assertThat(settings.find(SettingDefinitions.ADMIN_TOKEN)).isEmpty();
    assertThat(settings.get(SettingDefinitions.RATE_LIMIT)).isEqualTo(1000);
    assertThat(settings.list(SettingDefinitions.ALLOWED_NETWORKS)).isEmpty();
    assertThat(settings.list(SettingDefinitions.DENIED_NETWORKS)).isEmpty();
    assertThat(settings.get(SettingDefinitions.HTTPS_ONLY)).isFalse();
    assertThat(settings.get(SettingDefinitions.MAX_WEBHOOKS_PER_STACK)).isEqualTo(100);
    assertThat(settings.find(SettingDefinitions.EGRESS_PROXY)).isEmpty();
    assertThat(settings.list(SettingDefinitions.EXTRA_CA_FILE)).isEmpty();
    assertThat(settings.get(SettingDefinitions.RETENTION)).isEqualTo(Duration.ofDays(30));
    assertThat(settings.get(SettingDefinitions.ROLE)).isEqualTo(ServerRole.ALL);
    assertThat(settings.logging())
        .isEqualTo(new LogSettings(LogSettings.Format.TEXT, LogSettings.Level.INFO));
  }

  @Test
  void every_variable_is_read() {
    Settings settings =
        SettingsReader.read(
            Map.ofEntries(
                Map.entry("RUNHOOK_HOST", "::"),
                Map.entry("RUNHOOK_PORT", "0"),
                Map.entry("RUNHOOK_PUBLIC_URL", "https://runhook.example.com/ui/"),
                Map.entry("RUNHOOK_DATABASE_URL", "postgresql://db.example.com/runhook"),
                Map.entry("RUNHOOK_DATABASE_USER", "runhook"),
                Map.entry("RUNHOOK_DATABASE_PASSWORD", "hush"),
                Map.entry("RUNHOOK_DATA_DIR", "/var/lib/runhook"),
                Map.entry("RUNHOOK_ACCOUNT", "acme"),
                Map.entry("RUNHOOK_ADMIN_TOKEN", TOKEN),
                Map.entry("RUNHOOK_RATE_LIMIT", "250"),
                Map.entry("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8, ::1/128"),
                Map.entry("RUNHOOK_DENIED_NETWORKS", "127.0.0.2,8.8.8.0/24"),
                Map.entry("RUNHOOK_HTTPS_ONLY", "true"),
                Map.entry("RUNHOOK_MAX_WEBHOOKS_PER_STACK", "7"),
                Map.entry("RUNHOOK_EGRESS_PROXY", "http://user:hush@proxy.example.com:3128"),
                Map.entry("RUNHOOK_RETENTION", "7d"),
                Map.entry("RUNHOOK_ROLE", "worker"),
                Map.entry("RUNHOOK_LOG_FORMAT", "json"),
                Map.entry("RUNHOOK_LOG_LEVEL", "debug")));

    assertThat(settings.get(SettingDefinitions.HOST)).isEqualTo("::");
    assertThat(settings.get(SettingDefinitions.PORT)).isZero();
    assertThat(settings.find(SettingDefinitions.PUBLIC_URL))
        .contains(URI.create("https://runhook.example.com/ui"));
    DatabaseSettings database = settings.database().orElseThrow();
    assertThat(database.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example.com/runhook");
    assertThat(database.user()).contains("runhook");
    assertThat(database.password()).contains("hush");
    assertThat(settings.get(SettingDefinitions.DATA_DIR)).isEqualTo(Path.of("/var/lib/runhook"));
    assertThat(settings.get(SettingDefinitions.ACCOUNT)).isEqualTo(new AccountId("acme"));
    assertThat(settings.find(SettingDefinitions.ADMIN_TOKEN)).contains(TOKEN);
    assertThat(settings.list(SettingDefinitions.ALLOWED_NETWORKS))
        .containsExactly(Network.parse("127.0.0.0/8"), Network.parse("::1/128"));
    assertThat(settings.list(SettingDefinitions.DENIED_NETWORKS))
        .containsExactly(Network.parse("127.0.0.2"), Network.parse("8.8.8.0/24"));
    assertThat(settings.get(SettingDefinitions.HTTPS_ONLY)).isTrue();
    assertThat(settings.get(SettingDefinitions.RETENTION)).isEqualTo(Duration.ofDays(7));
    assertThat(settings.get(SettingDefinitions.ROLE)).isEqualTo(ServerRole.WORKER);
    assertThat(settings.logging())
        .isEqualTo(new LogSettings(LogSettings.Format.JSON, LogSettings.Level.DEBUG));
  }

  @ParameterizedTest
  @ValueSource(strings = {"11s", "0s", "61m", "soon"})
  void a_lease_that_is_too_short_or_too_long_is_rejected(String lease) {
    assertThat(problemsOf(Map.of("RUNHOOK_LEASE", lease)))
        .singleElement()
        .asString()
        .startsWith("RUNHOOK_LEASE ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RUNHOOK_TIMEOUT | 6m | must be from 100ms to 5m, not \"6m\"",
        "RUNHOOK_RETENTION | 1h | must be from 1d to 3650d, not \"1h\""
      })
  void the_limits_of_a_duration_are_reported_in_short_form(
      String variable, String value, String problem) {
    assertThat(problemsOf(Map.of(variable, value))).containsExactly(variable + " " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RUNHOOK_PORT | 65536",
        "RUNHOOK_PORT | http",
        "RUNHOOK_PORT | -1",
        "RUNHOOK_PUBLIC_URL | runhook.example.com",
        "RUNHOOK_PUBLIC_URL | https://runhook.example.com/?a=1",
        "RUNHOOK_DATABASE_URL | mysql://host/db",
        "RUNHOOK_DATABASE_URL | postgresql:///db",
        "RUNHOOK_ACCOUNT | Not A Slug",
        "RUNHOOK_ADMIN_TOKEN | too-short",
        "RUNHOOK_ADMIN_TOKEN | long enough but it has spaces in it",
        "RUNHOOK_ALLOWED_NETWORKS | 10.0.0.1/8",
        "RUNHOOK_ALLOWED_NETWORKS | everything",
        "RUNHOOK_DENIED_NETWORKS | metadata.internal",
        "RUNHOOK_HTTPS_ONLY | 1",
        "RUNHOOK_TIMEOUT | 10",
        "RUNHOOK_TIMEOUT | 0s",
        "RUNHOOK_TIMEOUT | 6m",
        "RUNHOOK_RETRY_SCHEDULE | 5s,soon",
        "RUNHOOK_RETRY_SCHEDULE | -PT5S",
        "RUNHOOK_RETRY_SCHEDULE | ,",
        "RUNHOOK_RETRY_SCHEDULE | 5s,,6s",
        "RUNHOOK_RETRY_SCHEDULE | 5s,",
        "RUNHOOK_RETRY_SCHEDULE | 8d",
        "RUNHOOK_RETRY_SCHEDULE | PT0.0001S",
        "RUNHOOK_PAUSE_AFTER | 0",
        "RUNHOOK_MAX_IN_FLIGHT | 0",
        "RUNHOOK_MAX_IN_FLIGHT | 10",
        "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK | many",
        "RUNHOOK_MAX_IN_FLIGHT_BYTES | 1000",
        "RUNHOOK_MAX_IN_FLIGHT_BYTES | 64M",
        "RUNHOOK_MAX_IN_FLIGHT_BYTES | 9999GB",
        "RUNHOOK_RETENTION | 1h",
        "RUNHOOK_SHA1_SIGNATURE | yes",
        "RUNHOOK_ROLE | boss",
        "RUNHOOK_LOG_FORMAT | xml",
        "RUNHOOK_LOG_LEVEL | loud",
        "RUNHOOK_PROT | 8080"
      })
  void an_invalid_value_is_reported_in_one_line_that_names_the_variable(
      String variable, String value) {
    List<String> problems = problemsOf(Map.of(variable, value));

    assertThat(problems).singleElement().asString().startsWith(variable + " ").doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RUNHOOK_TIMEOUT | 0s | must be from 100ms to 5m, not \"0s\"",
        "RUNHOOK_RETENTION | 1h | must be from 1d to 3650d, not \"1h\"",
        "RUNHOOK_ACCOUNT | A B | is not a valid account: an account has 1 to 63 lowercase letters,"
            + " digits and inner hyphens, not \"A B\"",
        "RUNHOOK_ALLOWED_NETWORKS | ::1, 10.0.0.1/8 | must be a comma-separated list of networks"
            + " such as 10.1.0.0/16: \"10.0.0.1/8\" has bits set after its prefix; set them to zero"
      })
  void the_report_says_which_values_are_valid(String variable, String value, String problem) {
    assertThat(problemsOf(Map.of(variable, value))).containsExactly(variable + " " + problem);
  }

  @Test
  void all_problems_are_reported_at_once() {
    List<String> problems =
        problemsOf(
            Map.of(
                "RUNHOOK_PORT",
                "x",
                "RUNHOOK_TIMEOUT",
                "x",
                "RUNHOOK_ROLE",
                "x",
                "RUNHOOK_COLOUR",
                "blue"));

    assertThat(problems)
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).startsWith("RUNHOOK_PORT "),
            problem -> assertThat(problem).startsWith("RUNHOOK_TIMEOUT "),
            problem -> assertThat(problem).startsWith("RUNHOOK_ROLE "),
            problem -> assertThat(problem).startsWith("RUNHOOK_COLOUR "));
  }

  @Test
  void an_empty_variable_counts_as_unset() {
    assertThat(SettingsReader.read(Map.of("RUNHOOK_PORT", " ", "RUNHOOK_ADMIN_TOKEN", "")))
        .isEqualTo(SettingsReader.read(Map.of()));
  }

  @Test
  void variables_of_other_programs_are_ignored() {
    assertThat(SettingsReader.read(Map.of("PATH", "/bin", "RUNHOOK_JAVA_OPTS", "-Xmx1g")))
        .isEqualTo(SettingsReader.read(Map.of()));
  }

  @Test
  void a_user_or_password_without_a_database_url_is_a_problem() {
    assertThat(problemsOf(Map.of("RUNHOOK_DATABASE_PASSWORD", "hush")))
        .singleElement()
        .asString()
        .startsWith("RUNHOOK_DATABASE_URL is missing");
  }

  @Test
  void invalid_combinations_are_reported_with_all_other_problems() {
    List<String> problems =
        problemsOf(
            Map.of(
                "RUNHOOK_PORT", "x",
                "RUNHOOK_MAX_IN_FLIGHT", "1",
                "RUNHOOK_RETRY_SCHEDULE", "7d",
                "RUNHOOK_RETENTION", "1d"));

    assertThat(problems)
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).startsWith("RUNHOOK_PORT "),
            problem -> assertThat(problem).startsWith("RUNHOOK_MAX_IN_FLIGHT "),
            problem -> assertThat(problem).startsWith("RUNHOOK_RETENTION "));
  }

  @Test
  void the_text_form_contains_no_secret() {
    Settings settings =
        SettingsReader.read(
            Map.of(
                "RUNHOOK_ADMIN_TOKEN", TOKEN,
                "RUNHOOK_DATABASE_URL", "postgresql://runhook:hush@db/runhook",
                "RUNHOOK_DATABASE_PASSWORD", "even-more-hush"));

    assertThat(settings.toString()).doesNotContain(TOKEN).doesNotContain("hush");
  }

  @Test
  void a_problem_contains_no_secret() {
    List<String> problems =
        problemsOf(
            Map.of(
                "RUNHOOK_ADMIN_TOKEN", "hush-too-short",
                "RUNHOOK_DATABASE_URL", "postgresql://runhook:hu sh|hush@db/runhook"));

    assertThat(problems).hasSize(2).noneMatch(problem -> problem.contains("hush"));
  }

  @Test
  void each_ingest_secret_has_an_account() {
    Settings settings =
        SettingsReader.read(
            Map.of("RUNHOOK_INGEST_SECRETS", "acme:" + TOKEN + ", other:a:" + TOKEN));

    assertThat(settings.list(SettingDefinitions.INGEST_SECRETS))
        .containsExactly(
            new IngestSecret(new AccountId("acme"), SigningSecret.parse(TOKEN)),
            new IngestSecret(new AccountId("other"), SigningSecret.parse("a:" + TOKEN)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hush-without-an-account-0123456789", "Hush:" + TOKEN, "acme:hush"})
  void an_invalid_ingest_secret_is_reported_without_quoting_it(String secrets) {
    assertThat(problemsOf(Map.of("RUNHOOK_INGEST_SECRETS", secrets)))
        .singleElement()
        .asString()
        .startsWith("RUNHOOK_INGEST_SECRETS ")
        .doesNotContainIgnoringCase("hush");
  }

  @Test
  void two_accounts_must_not_have_the_same_ingest_secret() {
    String secrets = "acme:%s,other:%s,acme:%s".formatted(TOKEN, TOKEN, TOKEN);

    assertThat(problemsOf(Map.of("RUNHOOK_INGEST_SECRETS", secrets)))
        .singleElement()
        .asString()
        .startsWith("RUNHOOK_INGEST_SECRETS ")
        .contains("acme", "other")
        .doesNotContain(TOKEN);
  }

  private static List<String> problemsOf(Map<String, String> variables) {
    ConfigurationException thrown =
        catchThrowableOfType(ConfigurationException.class, () -> SettingsReader.read(variables));
    return Objects.requireNonNull(thrown, "no problem with " + variables.keySet()).problems();
  }
}
