package dev.runhook.bootstrap.server;

import dev.runhook.bootstrap.setting.Settings.EncryptionSettings;
import dev.runhook.persistence.secret.SecretReencryption;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells at the start what an operator wants to know of how secrets are kept.
final class EncryptionStatus {
  private static final Logger LOG = LoggerFactory.getLogger(EncryptionStatus.class);

  private EncryptionStatus() {}

  static void report(EncryptionSettings encryptionSettings, DataSource dataSource) {
    SecretReencryption.Count count =
        new SecretReencryption(dataSource, encryptionSettings.cipher()).count();
    if (encryptionSettings.key().isEmpty()) {
      LOG.warn(
          "secrets and headers of webhooks are kept plain in the database; set RUNHOOK_ENCRYPTION_KEY to have them encrypted");
    } else if (count.plain() + count.previous() > 0) {
      LOG.atWarn()
          .addKeyValue("plain", count.plain())
          .addKeyValue("previous", count.previous())
          .log(
              "secrets or headers of some webhooks are not encrypted with the current key; run \"./runhook secrets rotate\"");
    }
    if (count.unknown() > 0) {
      LOG.atError()
          .addKeyValue("webhooks", count.unknown())
          .log(
              "secrets or headers of some webhooks are encrypted with a key that is not configured, and nothing is sent to these; give that key by RUNHOOK_ENCRYPTION_KEY_PREVIOUS");
    }
  }
}
