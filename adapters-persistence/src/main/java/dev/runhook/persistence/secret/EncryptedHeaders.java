package dev.runhook.persistence.secret;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.persistence.jdbi.SqlValues;
import java.security.GeneralSecurityException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The stored form of a webhook's headers. Names are plaintext. Each value is encrypted and bound
/// to its row and to the name of its header.
///
/// @param keyId the id of the key that encrypted the values; null if they are plaintext or if there
///   are no headers
public record EncryptedHeaders(List<String> names, List<String> values, @Nullable String keyId) {
  public EncryptedHeaders {
    names = List.copyOf(names);
    values = List.copyOf(values);
  }

  /// Identifies the row in the additional authenticated data (AAD) of each value.
  ///
  /// @param revision 0 for the row of the webhook itself
  public record AadContext(UUID webhook, int revision) {
    public static AadContext ofWebhook(UUID webhook) {
      return new AadContext(webhook, 0);
    }

    private String ofHeader(String header) {
      return revision == 0
          ? "webhook %s HEADER %s".formatted(webhook, header)
          : "webhook %s REVISION %d HEADER %s".formatted(webhook, revision, header);
    }
  }

  public static EncryptedHeaders encrypt(
      CustomHeaders headers, AadContext context, SecretCipher cipher) {
    List<Header> all = headers.headers();
    return new EncryptedHeaders(
        all.stream().map(Header::name).toList(),
        all.stream()
            .map(header -> cipher.encrypt(context.ofHeader(header.name()), header.value()))
            .toList(),
        all.isEmpty() ? null : cipher.keyId());
  }

  /// @param prefix the prefix of the column names
  public static EncryptedHeaders read(ResultSet row, String prefix) throws SQLException {
    return new EncryptedHeaders(
        SqlValues.texts(row, prefix + "header_names"),
        SqlValues.texts(row, prefix + "header_values"),
        row.getString(prefix + "header_key_id"));
  }

  /// Returns undecryptable headers, which carry an explanation, if the key is missing or wrong.
  public CustomHeaders decrypt(AadContext context, SecretCipher cipher) {
    String key = keyId;
    if (key != null && !cipher.hasKey(key)) {
      return CustomHeaders.undecryptable(
          ("the headers of webhook %s are encrypted with key %s, which is not configured;"
                  + " configure that encryption key, or set the headers again")
              .formatted(context.webhook(), key));
    }
    List<Header> headers = new ArrayList<>();
    try {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        String value = values.get(i);
        headers.add(
            new Header(
                name, key == null ? value : cipher.decrypt(context.ofHeader(name), value, key)));
      }
      return new CustomHeaders(headers);
    } catch (GeneralSecurityException | IllegalArgumentException ignored) {
      return CustomHeaders.undecryptable(
          ("the headers of webhook %s cannot be decrypted because their row was changed or damaged;"
                  + " set the headers again")
              .formatted(context.webhook()));
    }
  }
}
