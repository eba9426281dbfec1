package dev.runhook.bootstrap.setting;

import dev.runhook.bootstrap.setting.Settings.LogSettings;
import dev.runhook.bootstrap.setting.Settings.ServerRole;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.egress.Network;
import dev.runhook.outbound.egress.EgressProxy;
import dev.runhook.outbound.tls.ExtraCaCertificates;
import dev.runhook.outbound.trace.OtlpEndpoint;
import dev.runhook.persistence.secret.EncryptionKey;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/// All settings that there are. One more is a constant here, its place in [#ALL], a line in
/// [SettingsReader] and a component of [Settings]; the table in `docs/configuration.md` is written
/// from this, and a test says how.
final class SettingDefinitions {
  static final Setting<String> HOST =
      Setting.of("HOST", "127.0.0.1", SettingParsers::text, "the address to listen on");

  static final Setting<Integer> PORT =
      Setting.of(
          "PORT", "8080", SettingParsers.integer(0, 65_535), "`0` picks a free port and prints it");

  /// User and password may come from beside it, so it is read as a whole in [SettingsReader].
  static final Setting<String> DATABASE_URL =
      Setting.url(
          "DATABASE_URL",
          SettingParsers::text,
          "`jdbc:postgresql://host/database` or `postgresql://user:password@host/database`; unset: an embedded PostgreSQL in the data folder");

  static final Setting<String> DATABASE_USER =
      Setting.of("DATABASE_USER", "", SettingParsers::text, "wins over the one in the URL");

  static final Setting<String> DATABASE_PASSWORD =
      Setting.secret("DATABASE_PASSWORD", SettingParsers::text, "wins over the one in the URL");

  static final Setting<Boolean> ALLOW_UNSAFE_DATABASE =
      Setting.of(
          "ALLOW_UNSAFE_DATABASE",
          "false",
          SettingParsers::bool,
          "`true`: starts although the database has `fsync`, `full_page_writes` or `synchronous_commit` off and may lose what was confirmed");

  static final Setting<Path> DATA_DIR =
      Setting.of("DATA_DIR", "./data", Path::of, "the embedded database, the first admin token");

  static final Setting<AccountId> ACCOUNT =
      Setting.of(
          "ACCOUNT",
          "default",
          SettingParsers.withErrorPrefix("names no account: ", AccountId::new),
          "the account of the first admin; `account` in every payload");

  static final Setting<String> ADMIN_TOKEN =
      Setting.secret(
          "ADMIN_TOKEN",
          SettingParsers::token,
          "24 or more printable characters; unset: generated at the first start, shown once, kept in `<data>/admin-token`");

  static final Setting<EncryptionKey> ENCRYPTION_KEY =
      Setting.secret(
          "ENCRYPTION_KEY",
          EncryptionKey::parse,
          "32 random bytes in base64 or hex, by which the secrets of webhooks are encrypted in the database; unset: they are kept plain; see [security-secrets.md](security-secrets.md)");

  static final Setting<List<EncryptionKey>> ENCRYPTION_KEY_PREVIOUS =
      Setting.secret(
          "ENCRYPTION_KEY_PREVIOUS",
          SettingParsers.list(EncryptionKey::parse),
          "keys that open what was encrypted by them before, with commas between them");

  static final Setting<Integer> RATE_LIMIT =
      Setting.of(
          "RATE_LIMIT",
          "0",
          SettingParsers.integer(0, 1_000_000),
          "requests a second that one token may make of one process, and twice as many at once; `0`: any number");

  static final Setting<List<Network>> ALLOWED_NETWORKS =
      Setting.of(
          "ALLOWED_NETWORKS",
          "",
          SettingParsers.list(
              SettingParsers.withErrorPrefix(
                  "must be networks such as 10.1.0.0/16, with commas between them: ",
                  Network::parse)),
          "networks that endpoints may be in although they are private, such as `10.1.0.0/16,127.0.0.0/8`");

  static final Setting<Integer> MAX_WEBHOOKS_PER_STACK =
      Setting.of(
          "MAX_WEBHOOKS_PER_STACK",
          "100",
          SettingParsers.integer(1, 10_000),
          "how many webhooks a stack may have; with fewer than there are, those stay");

  static final Setting<EgressProxy> EGRESS_PROXY =
      Setting.url(
          "EGRESS_PROXY",
          EgressProxy::parse,
          "an HTTP proxy that all deliveries leave by, `http://host:port` or `http://user:password@host:port`; see [security-egress.md](security-egress.md)");

  static final Setting<List<X509Certificate>> EXTRA_CA_FILE =
      Setting.of(
          "CA_FILE",
          "",
          text -> ExtraCaCertificates.read(Path.of(text)),
          "a PEM file with certificates that are trusted besides Java's own: of authorities, or of receivers themselves");

  static final Setting<Duration> TIMEOUT =
      Setting.of(
          "TIMEOUT",
          "10s",
          SettingParsers.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
          "of one attempt, from connecting to the last byte; 100ms to 5m; a webhook may have its own");

  static final Setting<List<Duration>> RETRY_SCHEDULE =
      Setting.of(
          "RETRY_SCHEDULE",
          "5s,30s,2m,10m,30m,2h,5h,10h,10h",
          SettingParsers::retrySchedule,
          "waits after the 1st, 2nd … failed attempt, each ±20 %; then the delivery is given up; a webhook may have its own");

  static final Setting<Integer> PAUSE_AFTER =
      Setting.of(
          "PAUSE_AFTER",
          "10",
          SettingParsers.integer(1, 1_000_000),
          "failed attempts in a row that pause a webhook; from then on one probe at a time is sent, after the waits of the schedule");

  static final Setting<Integer> MAX_IN_FLIGHT =
      Setting.of(
          "MAX_IN_FLIGHT",
          "1024",
          SettingParsers.integer(1, 100_000),
          "attempts under way at a time, each until its result is kept; a crash sends no more than these again");

  static final Setting<Integer> MAX_IN_FLIGHT_PER_WEBHOOK =
      Setting.of(
          "MAX_IN_FLIGHT_PER_WEBHOOK",
          "64",
          SettingParsers.integer(1, 100_000),
          "of these, to one webhook");

  static final Setting<Duration> RETENTION =
      Setting.of(
          "RETENTION",
          "30d",
          SettingParsers.duration(Duration.ofDays(1), Duration.ofDays(3650)),
          "how long events, deliveries and attempts are remembered");

  static final Setting<Boolean> SHA1_SIGNATURE =
      Setting.of("SHA1_SIGNATURE", "true", SettingParsers::bool, "whether `X-Signature` is sent");

  static final Setting<ServerRole> ROLE =
      Setting.of(
          "ROLE",
          "all",
          SettingParsers.choice(ServerRole.class),
          "`all`, `api` (takes requests only) or `worker` (sends only)");

  static final Setting<LogSettings.Format> LOG_FORMAT =
      Setting.of(
          "LOG_FORMAT",
          "text",
          SettingParsers.choice(LogSettings.Format.class),
          "`text` or `json`; the log is on standard error");

  static final Setting<LogSettings.Level> LOG_LEVEL =
      Setting.of(
          "LOG_LEVEL",
          "info",
          SettingParsers.choice(LogSettings.Level.class),
          "`trace`, `debug`, `info`, `warn` or `error`; `trace` and `debug` tell more of Runhook alone, for libraries would show requests as they came");

  static final Setting<OtlpEndpoint> OTLP_ENDPOINT =
      Setting.of(
          "OTLP_ENDPOINT",
          "",
          OtlpEndpoint::parse,
          "a collector of OpenTelemetry that is told of each attempt in a recorded trace, by OTLP over HTTP, such as `http://127.0.0.1:4318`; unset: nobody is; see [operations/traces.md](operations/traces.md)");

  /// In the order in which people are told of them.
  static final List<Setting<?>> ALL =
      List.of(
          HOST,
          PORT,
          DATABASE_URL,
          DATABASE_USER,
          DATABASE_PASSWORD,
          ALLOW_UNSAFE_DATABASE,
          DATA_DIR,
          ACCOUNT,
          ADMIN_TOKEN,
          ENCRYPTION_KEY,
          ENCRYPTION_KEY_PREVIOUS,
          RATE_LIMIT,
          ALLOWED_NETWORKS,
          MAX_WEBHOOKS_PER_STACK,
          EGRESS_PROXY,
          EXTRA_CA_FILE,
          TIMEOUT,
          RETRY_SCHEDULE,
          PAUSE_AFTER,
          MAX_IN_FLIGHT,
          MAX_IN_FLIGHT_PER_WEBHOOK,
          RETENTION,
          SHA1_SIGNATURE,
          ROLE,
          LOG_FORMAT,
          LOG_LEVEL,
          OTLP_ENDPOINT);

  private SettingDefinitions() {}
}
