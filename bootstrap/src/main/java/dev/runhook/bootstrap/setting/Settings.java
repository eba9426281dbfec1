package dev.runhook.bootstrap.setting;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.http.server.ConnectionLimits;
import dev.runhook.persistence.secret.EncryptionKey;
import dev.runhook.persistence.secret.SecretCipher;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The settings of the server: the value of each definition, and what several of them are together.
///
/// @param values by definition; a setting that is not set and has no default is missing
/// @param database empty for the embedded PostgreSQL in the data directory
/// @param bucketDatabases the database of each bucket, `database` being the first; empty if all are
///   in `database`
/// @param effective all settings, for users
public record Settings(
    Map<Setting<?>, Object> values,
    Optional<DatabaseSettings> database,
    List<DatabaseSettings> bucketDatabases,
    DispatchConfig dispatch,
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

  /// Returns the value of a setting that is set or has a default.
  ///
  /// @throws java.util.NoSuchElementException if it is not
  public <T> T get(Setting<T> setting) {
    return find(setting).orElseThrow();
  }

  /// Returns the value of a setting; empty if it is not set and has no default.
  @SuppressWarnings("unchecked") // the reader adds the value that the setting has parsed
  public <T> Optional<T> find(Setting<T> setting) {
    return Optional.ofNullable((T) values.get(setting));
  }

  /// Returns the items of a list; none if it is not set and has no default.
  public <T> List<T> list(Setting<List<T>> setting) {
    return find(setting).orElse(List.of());
  }

  public EncryptionSettings encryption() {
    return new EncryptionSettings(
        find(SettingDefinitions.ENCRYPTION_KEY), list(SettingDefinitions.ENCRYPTION_KEY_PREVIOUS));
  }

  /// Returns which endpoints webhooks may have.
  public EgressPolicy egressPolicy() {
    return new EgressPolicy(
        list(SettingDefinitions.ALLOWED_NETWORKS),
        list(SettingDefinitions.DENIED_NETWORKS),
        get(SettingDefinitions.HTTPS_ONLY));
  }

  public ConnectionLimits connectionLimits() {
    return new ConnectionLimits(
        get(SettingDefinitions.MAX_CONNECTIONS),
        get(SettingDefinitions.MAX_CONNECTIONS_PER_ADDRESS));
  }

  public LogSettings logging() {
    return new LogSettings(get(SettingDefinitions.LOG_FORMAT), get(SettingDefinitions.LOG_LEVEL));
  }

  /// Returns a few settings, none of them secret.
  @Override
  public String toString() {
    return "Settings[%s:%d, %s, data in %s]"
        .formatted(
            get(SettingDefinitions.HOST),
            get(SettingDefinitions.PORT),
            get(SettingDefinitions.ROLE),
            get(SettingDefinitions.DATA_DIR));
  }

  /// Parses the address of another database, with the user and password of all databases.
  ///
  /// @throws IllegalArgumentException if the URL is invalid; the message does not quote it
  public DatabaseSettings parseDatabase(String url) {
    return DatabaseSettings.parse(
        url, find(SettingDefinitions.DATABASE_USER), find(SettingDefinitions.DATABASE_PASSWORD));
  }

  /// Returns the name of the variable with the addresses of external databases.
  public String databaseVariable() {
    return (bucketDatabases.isEmpty()
            ? SettingDefinitions.DATABASE_URL
            : SettingDefinitions.BUCKET_URLS)
        .variable();
  }
}
