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

/// All settings. To add one, add a constant here, its place in [#ALL], a line in [SettingsReader]
/// and a component of [Settings]. A test generates the table in `docs/configuration.md` from the
/// constants.
final class SettingDefinitions {
  static final Setting<String> HOST =
      Setting.of("HOST", "127.0.0.1", SettingParsers::text, "Address to listen on");

  static final Setting<Integer> PORT =
      Setting.of(
          "PORT",
          "8080",
          SettingParsers.integer(0, 65_535),
          "Port to listen on; `0` picks a free port and prints it");

  /// [SettingsReader] combines it with the settings for user and password.
  static final Setting<String> DATABASE_URL =
      Setting.url(
          "DATABASE_URL",
          SettingParsers::text,
          "`jdbc:postgresql://host/database` or `postgresql://user:password@host/database`; unset:"
              + " an embedded PostgreSQL in the data directory");

  static final Setting<String> DATABASE_USER =
      Setting.of("DATABASE_USER", "", SettingParsers::text, "Overrides the user in the URL");

  static final Setting<String> DATABASE_PASSWORD =
      Setting.secret(
          "DATABASE_PASSWORD", SettingParsers::text, "Overrides the password in the URL");

  static final Setting<Boolean> ALLOW_UNSAFE_DATABASE =
      Setting.of(
          "ALLOW_UNSAFE_DATABASE",
          "false",
          SettingParsers::bool,
          "`true` starts even if the database has `fsync`, `full_page_writes` or"
              + " `synchronous_commit` off and can lose acknowledged transitions");

  static final Setting<Path> DATA_DIR =
      Setting.of(
          "DATA_DIR",
          "./data",
          Path::of,
          "Directory of the embedded database and of the generated admin token");

  static final Setting<AccountId> ACCOUNT =
      Setting.of(
          "ACCOUNT",
          "default",
          SettingParsers.withErrorPrefix("is not a valid account: ", AccountId::new),
          "Account of the configured admin token; `account` in every payload");

  static final Setting<String> ADMIN_TOKEN =
      Setting.secret(
          "ADMIN_TOKEN",
          SettingParsers::token,
          "24 or more printable characters; unset: generated at the first start, printed once,"
              + " stored in `<data>/admin-token`");

  static final Setting<EncryptionKey> ENCRYPTION_KEY =
      Setting.secret(
          "ENCRYPTION_KEY",
          EncryptionKey::parse,
          "32 random bytes in base64 or hex that encrypt webhook secrets in the database; unset:"
              + " secrets are stored in plain text; see"
              + " [hardening.md](hardening.md#encryption-at-rest)");

  static final Setting<List<EncryptionKey>> ENCRYPTION_KEY_PREVIOUS =
      Setting.secret(
          "ENCRYPTION_KEY_PREVIOUS",
          SettingParsers.list(EncryptionKey::parse),
          "Comma-separated earlier keys, used only to decrypt");

  static final Setting<Integer> RATE_LIMIT =
      Setting.of(
          "RATE_LIMIT",
          "0",
          SettingParsers.integer(0, 1_000_000),
          "Requests per second per token and process, with bursts of twice as many; `0`:"
              + " unlimited");

  static final Setting<List<Network>> ALLOWED_NETWORKS =
      Setting.of(
          "ALLOWED_NETWORKS",
          "",
          SettingParsers.list(
              SettingParsers.withErrorPrefix(
                  "must be a comma-separated list of networks such as 10.1.0.0/16: ",
                  Network::parse)),
          "Comma-separated private networks that endpoints may be in, such as"
              + " `10.1.0.0/16,127.0.0.0/8`");

  static final Setting<Integer> MAX_WEBHOOKS_PER_STACK =
      Setting.of(
          "MAX_WEBHOOKS_PER_STACK",
          "100",
          SettingParsers.integer(1, 10_000),
          "Maximum webhooks per stack; lowering it does not remove existing ones");

  static final Setting<EgressProxy> EGRESS_PROXY =
      Setting.url(
          "EGRESS_PROXY",
          EgressProxy::parse,
          "HTTP proxy for all deliveries, `http://host:port` or `http://user:password@host:port`;"
              + " see [hardening.md](hardening.md#egress-proxy)");

  static final Setting<List<X509Certificate>> EXTRA_CA_FILE =
      Setting.of(
          "EXTRA_CA_FILE",
          "",
          text -> ExtraCaCertificates.read(Path.of(text)),
          "PEM file of certificates to trust in addition to Java's: of authorities or of"
              + " receivers");

  static final Setting<Duration> TIMEOUT =
      Setting.of(
          "TIMEOUT",
          "10s",
          SettingParsers.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
          "Timeout of one attempt, from connecting to the last byte; 100ms to 5m; a webhook can"
              + " override it");

  static final Setting<List<Duration>> RETRY_SCHEDULE =
      Setting.of(
          "RETRY_SCHEDULE",
          "5s,30s,2m,10m,30m,2h,5h,10h,10h",
          SettingParsers::retrySchedule,
          "Delays after the 1st, 2nd … failed attempt, each ±20 %; then the delivery fails; a"
              + " webhook can override it");

  static final Setting<Integer> PAUSE_AFTER =
      Setting.of(
          "PAUSE_AFTER",
          "10",
          SettingParsers.integer(1, 1_000_000),
          "Consecutive failed attempts that pause a webhook; a paused webhook gets one probe at a"
              + " time, on the retry schedule");

  static final Setting<Integer> MAX_IN_FLIGHT =
      Setting.of(
          "MAX_IN_FLIGHT",
          "1024",
          SettingParsers.integer(1, 100_000),
          "Maximum concurrent attempts; each counts until its result is stored, so a crash repeats"
              + " no more than this");

  static final Setting<Integer> MAX_IN_FLIGHT_PER_WEBHOOK =
      Setting.of(
          "MAX_IN_FLIGHT_PER_WEBHOOK",
          "64",
          SettingParsers.integer(1, 100_000),
          "Maximum concurrent attempts per webhook");

  static final Setting<Duration> RETENTION =
      Setting.of(
          "RETENTION",
          "30d",
          SettingParsers.duration(Duration.ofDays(1), Duration.ofDays(3650)),
          "How long events, deliveries and attempts are stored");

  static final Setting<Boolean> SHA1_SIGNATURE =
      Setting.of(
          "SHA1_SIGNATURE", "true", SettingParsers::bool, "Whether deliveries have `X-Signature`");

  static final Setting<ServerRole> ROLE =
      Setting.of(
          "ROLE",
          "all",
          SettingParsers.choice(ServerRole.class),
          "`all`, `api` (serves requests only) or `worker` (sends only)");

  static final Setting<LogSettings.Format> LOG_FORMAT =
      Setting.of(
          "LOG_FORMAT",
          "text",
          SettingParsers.choice(LogSettings.Format.class),
          "`text` or `json`, on standard error");

  static final Setting<LogSettings.Level> LOG_LEVEL =
      Setting.of(
          "LOG_LEVEL",
          "info",
          SettingParsers.choice(LogSettings.Level.class),
          "`trace`, `debug`, `info`, `warn` or `error`; `trace` and `debug` apply to Runhook only,"
              + " because libraries would log requests");

  static final Setting<OtlpEndpoint> OTLP_ENDPOINT =
      Setting.of(
          "OTLP_ENDPOINT",
          "",
          OtlpEndpoint::parse,
          "OpenTelemetry collector that receives a span for each attempt in a recorded trace, with"
              + " OTLP over HTTP, such as `http://127.0.0.1:4318`; unset: no export; see"
              + " [operations/traces.md](operations/traces.md)");

  /// In the order of the documentation.
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
