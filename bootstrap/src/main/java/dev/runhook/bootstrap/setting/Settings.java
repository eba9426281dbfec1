package dev.runhook.bootstrap.setting;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.spi.Buckets;
import dev.runhook.bootstrap.trace.OtlpEndpoint;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.domain.signing.IngestSecret;
import dev.runhook.http.server.ConnectionLimits;
import dev.runhook.outbound.egress.EgressProxy;
import dev.runhook.persistence.secret.EncryptionKey;
import dev.runhook.persistence.secret.SecretCipher;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The settings of the server. The variable of a component is `RUNHOOK_` with its name in
/// uppercase, except for grouped settings.
///
/// @param port 0 picks a free port
/// @param publicUrl where users reach the web UI, without a slash at its end
/// @param database empty for the embedded PostgreSQL in the data directory
/// @param bucketDatabases the database of each bucket, `database` being the first; empty if all are
///   in `database`
/// @param allowUnsafeDatabase whether to accept a database that may lose committed data
/// @param dataDir contains the embedded database and the first admin token
/// @param adminToken empty to generate a token and store it in the data directory
/// @param secretsVisibleTo the lowest role that can read webhook secrets
/// @param bootstrapFile what the server applies before it is ready
/// @param ingestSecrets sign the notifications of other platforms
/// @param laggingAfter how long deliveries may be due before that is reported
/// @param sha1Signature whether deliveries have `X-Signature`
/// @param otlpEndpoint the collector of spans; empty to export none
/// @param effective all settings, for users
public record Settings(
    String host,
    int port,
    Optional<URI> publicUrl,
    Optional<DatabaseSettings> database,
    Buckets buckets,
    List<DatabaseSettings> bucketDatabases,
    boolean allowUnsafeDatabase,
    Path dataDir,
    AccountId account,
    Optional<String> adminToken,
    EncryptionSettings encryption,
    Role secretsVisibleTo,
    Optional<Path> bootstrapFile,
    List<IngestSecret> ingestSecrets,
    LimitSettings limits,
    EgressSettings egress,
    OutboundSettings outbound,
    DispatchConfig dispatch,
    Duration laggingAfter,
    boolean sha1Signature,
    Duration retention,
    ServerRole role,
    LogSettings logging,
    Optional<OtlpEndpoint> otlpEndpoint,
    List<EffectiveSetting> effective) {
  /// The encryption of webhook secrets in the database.
  ///
  /// @param key empty to store secrets unencrypted
  /// @param previousKeys only decrypt
  public record EncryptionSettings(Optional<EncryptionKey> key, List<EncryptionKey> previousKeys) {
    public SecretCipher cipher() {
      return new SecretCipher(key, previousKeys);
    }
  }

  /// What clients and accounts may use.
  ///
  /// @param requestsPerSecond of each token; 0 for unlimited
  /// @param transitionsPerSecond of each account; 0 for unlimited
  /// @param maxStacks per account
  /// @param maxWebhooks per account
  public record LimitSettings(
      int requestsPerSecond,
      int transitionsPerSecond,
      ConnectionLimits connections,
      int maxStacks,
      int maxWebhooks,
      int maxWebhooksPerStack) {}

  /// The endpoints that webhooks may have.
  public record EgressSettings(
      List<Network> allowedNetworks, List<Network> deniedNetworks, boolean httpsOnly) {
    public EgressPolicy policy() {
      return new EgressPolicy(allowedNetworks, deniedNetworks, httpsOnly);
    }
  }

  /// The connection to receivers.
  ///
  /// @param proxy the proxy for all requests
  /// @param extraCaCertificates trusted in addition to the CAs of the platform
  public record OutboundSettings(
      Optional<EgressProxy> proxy, List<X509Certificate> extraCaCertificates) {
    public OutboundSettings {
      extraCaCertificates = List.copyOf(extraCaCertificates);
    }
  }

  /// Returns a few settings, none of them secret.
  @Override
  public String toString() {
    return "Settings[%s:%d, %s, data in %s]".formatted(host, port, role, dataDir);
  }

  /// Returns the name of the variable with the addresses of external databases.
  public String databaseVariable() {
    return (bucketDatabases.isEmpty()
            ? SettingDefinitions.DATABASE_URL
            : SettingDefinitions.BUCKET_URLS)
        .variable();
  }
}
