package dev.runhook.bootstrap.setting;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.egress.Network;
import dev.runhook.outbound.egress.EgressProxy;
import dev.runhook.outbound.trace.OtlpEndpoint;
import dev.runhook.persistence.secret.EncryptionKey;
import dev.runhook.persistence.secret.SecretCipher;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that an operator can set. The documented names are `RUNHOOK_` and the component's name in
/// upper case.
///
/// @param port 0 picks a free one
/// @param database absent for the embedded PostgreSQL in the data folder
/// @param allowUnsafeDatabase whether to start on one that may lose what it confirmed
/// @param dataDir holds the embedded database and the first admin token
/// @param adminToken absent to have one generated and kept in the data folder
/// @param rateLimit requests a second of one token; 0 for any number
/// @param allowedNetworks that endpoints may be in although they are private
/// @param maxWebhooksPerStack how many webhooks a stack may have
/// @param outward how receivers are reached
/// @param spanCollector is told of attempts; absent for nobody
public record Settings(
    String host,
    int port,
    Optional<DatabaseSettings> database,
    boolean allowUnsafeDatabase,
    Path dataDir,
    AccountId account,
    Optional<String> adminToken,
    EncryptionSettings encryption,
    int rateLimit,
    List<Network> allowedNetworks,
    int maxWebhooksPerStack,
    OutboundSettings outbound,
    DispatchSettings dispatch,
    Duration retention,
    ServerRole role,
    LogSettings logging,
    Optional<OtlpEndpoint> otlpEndpoint) {
  /// In the working folder.
  static final Path FILE = Path.of("runhook.properties");

  /// How secrets are kept.
  ///
  /// @param key absent to keep them plain
  /// @param previous open what is encrypted by them
  public record EncryptionSettings(Optional<EncryptionKey> key, List<EncryptionKey> previousKeys) {
    public SecretCipher cipher() {
      return SecretCipher.using(key, previousKeys);
    }
  }

  /// How receivers are reached.
  ///
  /// @param proxy that requests leave by
  /// @param authorities whose certificates are trusted besides the platform's
  public record OutboundSettings(
      Optional<EgressProxy> proxy, List<X509Certificate> extraCaCertificates) {
    public OutboundSettings {
      extraCaCertificates = List.copyOf(extraCaCertificates);
    }
  }

  /// How deliveries are made.
  ///
  /// @param timeout of one attempt, connect to last byte
  /// @param retrySchedule waits after the 1st, 2nd … failed attempt
  /// @param pauseAfter failed attempts in a row that pause a webhook
  /// @param sha1Signature whether `X-Signature` is sent
  public record DispatchSettings(
      Duration timeout,
      List<Duration> retrySchedule,
      int pauseAfter,
      int maxInFlight,
      int maxInFlightPerWebhook,
      boolean sha1Signature) {}

  /// What a process does of the work.
  public enum ServerRole {
    ALL,
    /// Takes requests and sends nothing.
    API,
    /// Sends, and answers nothing but health.
    WORKER;

    public boolean servesApi() {
      return this != WORKER;
    }

    public boolean sendsDeliveries() {
      return this != API;
    }
  }

  /// How the log reads.
  public record LogSettings(Format format, Level level) {
    public enum Format {
      TEXT,
      JSON
    }

    public enum Level {
      TRACE,
      DEBUG,
      INFO,
      WARN,
      ERROR
    }
  }

  /// Without the admin's token and the proxy's credentials.
  @Override
  public String toString() {
    return "Settings[%s:%d, database %s, data in %s, account %s, secrets %s, rate %s, allowed %s, webhooks %s, proxy %s, %s, retention %s, %s, %s, spans to %s]"
        .formatted(
            host,
            port,
            database.map(DatabaseSettings::toString).orElse("embedded"),
            dataDir,
            account,
            encryption.cipher(),
            rateLimit,
            allowedNetworks,
            maxWebhooksPerStack,
            outbound.proxy(),
            dispatch,
            retention,
            role,
            logging,
            otlpEndpoint);
  }

  /// Reads the environment, and `runhook.properties` in the working folder where that exists.
  public static Settings read() {
    return SettingsReader.read(System.getenv(), FILE);
  }

  /// Reads only these variables.
  public static Settings of(Map<String, String> variables) {
    return SettingsReader.read(variables);
  }
}
