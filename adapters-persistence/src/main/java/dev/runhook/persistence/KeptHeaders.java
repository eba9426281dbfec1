package dev.runhook.persistence;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.CustomHeaders;
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
record KeptHeaders(List<String> names, List<String> values, @Nullable String keyId) {
  KeptHeaders {
    names = List.copyOf(names);
    values = List.copyOf(values);
  }

  /// Where they are kept.
  ///
  /// @param revision 0 for the row of the webhook itself
  record Place(UUID webhook, int revision) {
    static Place ofWebhook(UUID webhook) {
      return new Place(webhook, 0);
    }

    private String of(String header) {
      return revision == 0
          ? "webhook %s HEADER %s".formatted(webhook, header)
          : "webhook %s REVISION %d HEADER %s".formatted(webhook, revision, header);
    }
  }

  static KeptHeaders of(CustomHeaders headers, Place place, SecretCipher cipher) {
    List<Header> all = headers.headers();
    return new KeptHeaders(
        all.stream().map(Header::name).toList(),
        all.stream().map(one -> cipher.sealed(place.of(one.name()), one.value())).toList(),
        all.isEmpty() ? null : cipher.keyId());
  }

  /// @param prefix of the columns' names
  static KeptHeaders read(ResultSet row, String prefix) throws SQLException {
    return new KeptHeaders(
        StackRows.texts(row, prefix + "header_names"),
        StackRows.texts(row, prefix + "header_values"),
        row.getString(prefix + "header_key"));
  }

  /// The headers that were kept; some that cannot be had where the key is not here or does not open
  /// them.
  CustomHeaders opened(Place place, SecretCipher cipher) {
    String key = keyId;
    if (key != null && !cipher.knows(key)) {
      return CustomHeaders.unreadable(
          "the headers of webhook %s are encrypted with key %s, which is not configured; give that key by RUNHOOK_ENCRYPTION_KEY or RUNHOOK_ENCRYPTION_KEY_PREVIOUS, or give the webhook other headers"
              .formatted(place.webhook(), key));
    }
    List<Header> headers = new ArrayList<>();
    try {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        String value = values.get(i);
        headers.add(
            new Header(name, key == null ? value : cipher.unsealed(place.of(name), value, key)));
      }
      return new CustomHeaders(headers);
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return CustomHeaders.unreadable(
          "the headers of webhook %s cannot be decrypted: their row was changed or damaged in the database; give the webhook other headers"
              .formatted(place.webhook()));
    }
  }

  /// These as they are kept now; absent where they cannot be opened.
  Optional<KeptHeaders> anew(Place place, SecretCipher cipher) {
    return Optional.of(opened(place, cipher))
        .filter(CustomHeaders::isReadable)
        .map(headers -> of(headers, place, cipher));
  }
}
