package dev.runhook.http.ingest;

import static dev.runhook.testkit.Samples.ACME;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.signing.IngestSecret;
import dev.runhook.domain.signing.SigningSecret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A notification as another platform signs it.
public final class SignedNotification {
  static final String SECRET = "secret-of-acme-0123456789";
  static final String PREVIOUS_SECRET = "previous-secret-of-acme-0123456789";
  static final String SECRET_OF_OTHER = "secret-of-another-account-0123456789";

  /// The secrets of the server.
  public static final List<IngestSecret> SECRETS =
      List.of(
          secret(new AccountId("other"), SECRET_OF_OTHER),
          secret(ACME, SECRET),
          secret(ACME, PREVIOUS_SECRET));

  private SignedNotification() {}

  private static IngestSecret secret(AccountId account, String text) {
    return new IngestSecret(account, SigningSecret.parse(text));
  }

  /// @param algorithm such as `HmacSHA512`
  static String sign(String algorithm, String secret, String body) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), algorithm));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// Returns a sample from the documentation of a platform.
  static String sample(String name) {
    try (InputStream file =
        Objects.requireNonNull(SignedNotification.class.getResourceAsStream(name + ".json"))) {
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
