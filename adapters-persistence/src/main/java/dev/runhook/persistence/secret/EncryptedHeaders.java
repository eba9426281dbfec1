package dev.runhook.persistence.secret;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.persistence.run.StackMapper;
import java.security.GeneralSecurityException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Headers of a webhook as they are kept: the names plain, each value encrypted as secrets are,
/// bound to its row and its header's name.
///
/// @param keyId of the key by which the values are encrypted; null where they are plain, or there
///   are none
public record EncryptedHeaders(List<String> names, List<String> values, @Nullable String keyId) {
  public EncryptedHeaders {
    names = List.copyOf(names);
    values = List.copyOf(values);
  }

  /// Where they are kept.
  ///
  /// @param revision 0 for the row of the webhook itself
  public record AadContext(UUID webhook, int revision) {
    public static AadContext ofWebhook(UUID webhook) {
      return new AadContext(webhook, 0);
    }

    private String of(String header) {
      return revision == 0
          ? "webhook %s HEADER %s".formatted(webhook, header)
          : "webhook %s REVISION %d HEADER %s".formatted(webhook, revision, header);
    }
  }

  public static EncryptedHeaders encrypt(
      CustomHeaders headers, AadContext aadContext, SecretCipher cipher) {
    List<Header> all = headers.headers();
    return new EncryptedHeaders(
        all.stream().map(Header::name).toList(),
        all.stream().map(one -> cipher.encrypt(aadContext.of(one.name()), one.value())).toList(),
        all.isEmpty() ? null : cipher.keyId());
  }

  /// @param prefix of the columns' names
  public static EncryptedHeaders read(ResultSet row, String prefix) throws SQLException {
    return new EncryptedHeaders(
        StackMapper.texts(row, prefix + "header_names"),
        StackMapper.texts(row, prefix + "header_values"),
        row.getString(prefix + "header_key_id"));
  }

  /// The headers that were kept; some that cannot be had where the key is not here or does not open
  /// them.
  public CustomHeaders decrypt(AadContext aadContext, SecretCipher cipher) {
    String key = keyId;
    if (key != null && !cipher.hasKey(key)) {
      return CustomHeaders.undecryptable(
          "the headers of webhook %s are encrypted with key %s, which is not configured; give that key by RUNHOOK_ENCRYPTION_KEY or RUNHOOK_ENCRYPTION_KEY_PREVIOUS, or give the webhook other headers"
              .formatted(aadContext.webhook(), key));
    }
    List<Header> headers = new ArrayList<>();
    try {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        String value = values.get(i);
        headers.add(
            new Header(
                name, key == null ? value : cipher.decrypt(aadContext.of(name), value, key)));
      }
      return new CustomHeaders(headers);
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return CustomHeaders.undecryptable(
          "the headers of webhook %s cannot be decrypted: their row was changed or damaged in the database; give the webhook other headers"
              .formatted(aadContext.webhook()));
    }
  }

  /// These as they are kept now; absent where they cannot be opened.
  Optional<EncryptedHeaders> reencrypt(AadContext aadContext, SecretCipher cipher) {
    return Optional.of(decrypt(aadContext, cipher))
        .filter(CustomHeaders::isDecrypted)
        .map(headers -> encrypt(headers, aadContext, cipher));
  }
}
