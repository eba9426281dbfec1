package dev.runhook.bootstrap.setting;

import static dev.runhook.bootstrap.setting.SettingParsers.bytes;
import static dev.runhook.bootstrap.setting.SettingParsers.choice;
import static dev.runhook.bootstrap.setting.SettingParsers.duration;
import static dev.runhook.bootstrap.setting.SettingParsers.integer;
import static dev.runhook.bootstrap.setting.SettingParsers.list;
import static dev.runhook.bootstrap.setting.SettingParsers.withErrorPrefix;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.outbox.LagMonitor;
import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.bootstrap.setting.Setting.Kind;
import dev.runhook.bootstrap.trace.OtlpEndpoint;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.egress.Network;
import dev.runhook.domain.signing.IngestSecret;
import dev.runhook.domain.text.Durations;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.outbound.egress.EgressProxy;
import dev.runhook.outbound.tls.ExtraCaCertificates;
import dev.runhook.persistence.secret.EncryptionKey;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// All settings. To add one, add a constant here and read it with [Settings#get]. A test generates
/// the table in `docs/configuration.md` from the constants.
public final class SettingDefinitions {
  private static final List<Setting<?>> DEFINED = new ArrayList<>();
  private static final DispatchConfig DISPATCH = DispatchConfig.defaults();

  public static final Setting<String> HOST =
      plain("HOST", "127.0.0.1", Function.identity()).describedAs("Address to listen on");

  public static final Setting<Integer> PORT =
      plain("PORT", "8080", integer(0, 65_535))
          .describedAs("Port to listen on; `0` picks a free port and prints it");

  public static final Setting<URI> PUBLIC_URL =
      plain("PUBLIC_URL", "", SettingParsers::webUrl)
          .describedAs(
              "Where users reach the web UI, such as `https://runhook.example.com`, for links in"
                  + " [messages](formats.md); unset: no links");

  /// [SettingsReader] combines it with the settings for user and password.
  public static final Setting<String> DATABASE_URL =
      sensitive(Kind.URL, "DATABASE_URL", Function.identity())
          .describedAs(
              "`jdbc:postgresql://host/database` or `postgresql://user:password@host/database`, with"
                  + " several hosts separated by commas; unset: an embedded PostgreSQL in the data directory");

  public static final Setting<String> DATABASE_USER =
      plain("DATABASE_USER", "", Function.identity()).describedAs("Overrides the user in the URL");

  public static final Setting<String> DATABASE_PASSWORD =
      sensitive(Kind.SECRET, "DATABASE_PASSWORD", Function.identity())
          .describedAs("Overrides the password in the URL");

  public static final Setting<Buckets> BUCKETS =
      plain("BUCKETS", "1", integer(1, Buckets.MAX_COUNT).andThen(Buckets::new))
          .describedAs(
              "Number of buckets of the installation, 1 to 64; it can never change; see"
                  + " [operations/scaling.md](operations/scaling.md)");

  /// [SettingsReader] combines it with the number of buckets, and the settings for user and
  /// password.
  public static final Setting<String> BUCKET_URLS =
      sensitive(Kind.URL, "BUCKET_URLS", Function.identity())
          .describedAs(
              "Databases of the buckets instead of `RUNHOOK_DATABASE_URL`, such as"
                  + " `0-7=postgresql://db1/runhook;8-15=postgresql://db2/runhook`");

  public static final Setting<Boolean> ALLOW_UNSAFE_DATABASE =
      plain("ALLOW_UNSAFE_DATABASE", "false", SettingParsers::bool)
          .describedAs(
              "`true` starts even if the database has `fsync`, `full_page_writes` or"
                  + " `synchronous_commit` off, or several hosts without synchronous replication,"
                  + " and can lose acknowledged transitions");

  public static final Setting<Path> DATA_DIR =
      plain("DATA_DIR", "./data", Path::of)
          .describedAs("Directory of the embedded database and of the generated admin token");

  public static final Setting<AccountId> ACCOUNT =
      plain("ACCOUNT", "default", withErrorPrefix("is not a valid account: ", AccountId::new))
          .describedAs("Account of the configured admin token; `account` in every payload");

  public static final Setting<String> ADMIN_TOKEN =
      sensitive(Kind.SECRET, "ADMIN_TOKEN", SettingParsers::token)
          .describedAs(
              "24 or more printable characters; unset: generated at the first start, printed once,"
                  + " stored in `<data>/admin-token`");

  public static final Setting<EncryptionKey> ENCRYPTION_KEY =
      sensitive(Kind.SECRET, "ENCRYPTION_KEY", EncryptionKey::parse)
          .describedAs(
              "32 random bytes in base64 or hex that encrypt webhook secrets in the database;"
                  + " unset: secrets are stored in plain text; see"
                  + " [hardening.md](hardening.md#encryption-at-rest)");

  public static final Setting<List<EncryptionKey>> ENCRYPTION_KEY_PREVIOUS =
      sensitive(Kind.SECRET, "ENCRYPTION_KEY_PREVIOUS", list(EncryptionKey::parse))
          .describedAs("Comma-separated earlier keys, used only to decrypt");

  public static final Setting<Role> SECRETS_VISIBLE_TO =
      plain("SECRETS_VISIBLE_TO", "reader", choice(Role.class))
          .describedAs(
              "Lowest role that can read webhook secrets: `reader`, `writer` or `admin`; with the"
                  + " default, everyone who can see a stack can read the secrets of its webhooks and"
                  + " forge deliveries");

  public static final Setting<Path> BOOTSTRAP_FILE =
      plain("BOOTSTRAP_FILE", "", Path::of)
          .describedAs(
              "File of stacks, webhooks and tokens that the server applies to `RUNHOOK_ACCOUNT`"
                  + " before it is ready; see [setup.md](setup.md#at-the-start-of-a-server)");

  public static final Setting<List<IngestSecret>> INGEST_SECRETS =
      sensitive(Kind.SECRET, "INGEST_SECRETS", SettingParsers::ingestSecrets)
          .describedAs(
              "Comma-separated secrets that sign notifications of other platforms, each as"
                  + " `account:secret`; see [ingest.md](ingest.md)");

  public static final Setting<Integer> RATE_LIMIT =
      plain("RATE_LIMIT", "1000", integer(0, 1_000_000))
          .describedAs(
              "Requests per second per token and process, with bursts of twice as many; `0`:"
                  + " unlimited");

  public static final Setting<Integer> TRANSITION_RATE_LIMIT =
      plain("TRANSITION_RATE_LIMIT", "5000", integer(0, 1_000_000))
          .describedAs(
              "Reported runs and transitions per second per account and process, with bursts of"
                  + " twice as many; `0`: unlimited");

  public static final Setting<Integer> MAX_CONNECTIONS =
      plain("MAX_CONNECTIONS", "4096", integer(1, 1_000_000))
          .describedAs("Maximum open connections of clients; further ones are closed");

  public static final Setting<Integer> MAX_CONNECTIONS_PER_ADDRESS =
      plain("MAX_CONNECTIONS_PER_ADDRESS", "1024", integer(1, 1_000_000))
          .describedAs(
              "Maximum open connections from one address; behind a reverse proxy, that of the"
                  + " proxy");

  public static final Setting<List<Network>> ALLOWED_NETWORKS =
      plain("ALLOWED_NETWORKS", "", networks())
          .describedAs(
              "Comma-separated private networks that endpoints may be in, such as"
                  + " `10.1.0.0/16,127.0.0.0/8`");

  public static final Setting<List<Network>> DENIED_NETWORKS =
      plain("DENIED_NETWORKS", "", networks())
          .describedAs(
              "Comma-separated networks that endpoints must not be in, even if allowed; adds to the"
                  + " [built-in ones](hardening.md#egress)");

  public static final Setting<Boolean> HTTPS_ONLY =
      plain("HTTPS_ONLY", "false", SettingParsers::bool)
          .describedAs("Whether endpoints must use `https`; existing `http` ones are blocked");

  public static final Setting<Integer> MAX_STACKS =
      plain("MAX_STACKS", "10000", integer(1, 10_000_000))
          .describedAs("Maximum stacks per account; lowering it does not remove existing ones");

  public static final Setting<Integer> MAX_WEBHOOKS =
      plain("MAX_WEBHOOKS", "10000", integer(1, 10_000_000))
          .describedAs("Maximum webhooks per account; lowering it does not remove existing ones");

  public static final Setting<Integer> MAX_WEBHOOKS_PER_STACK =
      plain("MAX_WEBHOOKS_PER_STACK", "100", integer(1, 10_000))
          .describedAs(
              "Maximum webhooks per stack, and account webhooks; lowering it does not remove existing"
                  + " ones");

  public static final Setting<EgressProxy> EGRESS_PROXY =
      sensitive(Kind.URL, "EGRESS_PROXY", EgressProxy::parse)
          .describedAs(
              "HTTP proxy for all deliveries, `http://host:port` or"
                  + " `http://user:password@host:port`; see"
                  + " [hardening.md](hardening.md#egress-proxy)");

  public static final Setting<List<X509Certificate>> EXTRA_CA_FILE =
      plain("EXTRA_CA_FILE", "", text -> ExtraCaCertificates.read(Path.of(text)))
          .describedAs(
              "PEM file of certificates (of authorities or receivers) to trust in addition to"
                  + " Java's");

  public static final Setting<Duration> TIMEOUT =
      plain(
              "TIMEOUT",
              Durations.format(DISPATCH.timeout()),
              duration(DeliverySettings.MIN_TIMEOUT, DeliverySettings.MAX_TIMEOUT))
          .describedAs(
              "Timeout of one attempt, from connecting to the last byte; 100ms to 5m; a webhook can"
                  + " override it");

  public static final Setting<Duration> MAX_TIMEOUT =
      plain(
              "MAX_TIMEOUT",
              Durations.format(DISPATCH.maxTimeout()),
              duration(DeliverySettings.MIN_TIMEOUT, DeliverySettings.MAX_TIMEOUT))
          .describedAs(
              "Maximum timeout of a webhook, and of `RUNHOOK_TIMEOUT`; up to 5m; lowering it shortens"
                  + " existing ones");

  public static final Setting<Duration> LEASE =
      plain(
              "LEASE",
              Durations.format(DISPATCH.leaseDuration()),
              duration(DispatchConfig.MIN_LEASE, Lease.MAX))
          .describedAs(
              "How long a process keeps the deliveries that it sends: if it dies, others send them"
                  + " after this time; 12s to 1h, and always 10 s longer than the timeout; see"
                  + " [operations/running.md](operations/running.md#failover)");

  public static final Setting<List<Duration>> RETRY_SCHEDULE =
      plain(
              "RETRY_SCHEDULE",
              DISPATCH.retrySchedule().delays().stream()
                  .map(Durations::format)
                  .collect(Collectors.joining(",")),
              SettingParsers::retrySchedule)
          .describedAs(
              "Delays after the 1st, 2nd … failed attempt, each ±20 %; then the delivery fails; a"
                  + " webhook can override it");

  public static final Setting<Integer> PAUSE_AFTER =
      plain("PAUSE_AFTER", "" + DISPATCH.pausePolicy().pauseAfter(), integer(1, 1_000_000))
          .describedAs(
              "Consecutive failed attempts that pause a webhook; a paused webhook gets one probe at"
                  + " a time, on the retry schedule");

  public static final Setting<Duration> LAGGING_AFTER =
      plain(
              "LAGGING_AFTER",
              Durations.format(LagMonitor.DEFAULT_LAG),
              duration(Duration.ofSeconds(1), Duration.ofDays(1)))
          .describedAs(
              "How long deliveries to an active webhook may be due before `queue_lagging` is sent;"
                  + " 1s to 1d");

  public static final Setting<Integer> MAX_IN_FLIGHT =
      plain("MAX_IN_FLIGHT", "" + DISPATCH.maxInFlight(), integer(1, 100_000))
          .describedAs(
              "Maximum concurrent attempts, of which one account uses at most half; each counts until"
                  + " its result is stored, so at most this many are repeated after a crash");

  public static final Setting<Integer> MAX_IN_FLIGHT_PER_WEBHOOK =
      plain("MAX_IN_FLIGHT_PER_WEBHOOK", "" + DISPATCH.maxInFlightPerWebhook(), integer(1, 100_000))
          .describedAs("Maximum concurrent attempts per webhook");

  public static final Setting<Long> MAX_IN_FLIGHT_BYTES =
      plain("MAX_IN_FLIGHT_BYTES", "", bytes(1 << 20, 1L << 40))
          .describedAs(
              "Maximum size of the payloads of all concurrent attempts, such as `64MB`; unset: a quarter"
                  + " of the Java heap; see [hardening.md](hardening.md#memory-for-deliveries)");

  public static final Setting<Duration> RETENTION =
      plain("RETENTION", "30d", duration(Duration.ofDays(1), Duration.ofDays(3650)))
          .describedAs("How long events, deliveries and attempts are stored");

  public static final Setting<Boolean> SHA1_SIGNATURE =
      plain("SHA1_SIGNATURE", "true", SettingParsers::bool)
          .describedAs("Whether deliveries have `X-Signature`");

  public static final Setting<ServerRole> ROLE =
      plain("ROLE", "all", choice(ServerRole.class))
          .describedAs("`all`, `api` (serves requests only) or `worker` (sends only)");

  public static final Setting<LogSettings.Format> LOG_FORMAT =
      plain("LOG_FORMAT", "text", choice(LogSettings.Format.class))
          .describedAs("`text` or `json`, on standard error");

  public static final Setting<LogSettings.Level> LOG_LEVEL =
      plain("LOG_LEVEL", "info", choice(LogSettings.Level.class))
          .describedAs(
              "`trace`, `debug`, `info`, `warn` or `error`; `trace` and `debug` apply to Runhook"
                  + " only, because libraries would log requests");

  public static final Setting<OtlpEndpoint> OTLP_ENDPOINT =
      plain("OTLP_ENDPOINT", "", OtlpEndpoint::parse)
          .describedAs(
              "OpenTelemetry collector that receives a span for each attempt in a recorded trace,"
                  + " with OTLP over HTTP, such as `http://127.0.0.1:4318`; unset: no export; see"
                  + " [operations/traces.md](operations/traces.md)");

  /// In the order of the documentation, which is the order of the constants.
  static final List<Setting<?>> ALL = Collections.unmodifiableList(DEFINED);

  private SettingDefinitions() {}

  private static <T> Definition<T> plain(
      String name, String defaultValue, Function<String, T> parse) {
    return new Definition<>(name, defaultValue, Kind.PLAIN, parse);
  }

  private static Function<String, List<Network>> networks() {
    return list(
        withErrorPrefix(
            "must be a comma-separated list of networks such as 10.1.0.0/16: ", Network::parse));
  }

  private static <T> Definition<T> sensitive(Kind kind, String name, Function<String, T> parse) {
    return new Definition<>(name, "", kind, parse);
  }

  private record Definition<T>(
      String name, String defaultValue, Kind kind, Function<String, T> parse) {
    /// Completes the setting and adds it to the list.
    ///
    /// @param description in Markdown
    Setting<T> describedAs(String description) {
      Setting<T> setting = new Setting<>(name, defaultValue, kind, parse, description);
      DEFINED.add(setting);
      return setting;
    }
  }
}
