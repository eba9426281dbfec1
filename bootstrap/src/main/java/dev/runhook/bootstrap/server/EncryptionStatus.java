package dev.runhook.bootstrap.server;

import dev.runhook.bootstrap.setting.Settings.EncryptionSettings;
import dev.runhook.persistence.webhook.SecretReencryption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs at startup whether the secrets of webhooks are encrypted and can be decrypted.
final class EncryptionStatus {
  private static final Logger LOG = LoggerFactory.getLogger(EncryptionStatus.class);

  private EncryptionStatus() {}

  static void report(EncryptionSettings encryption, SecretReencryption.Count count) {
    if (encryption.key().isEmpty()) {
      LOG.warn(
          "the database stores webhook secrets and headers unencrypted;"
              + " set RUNHOOK_ENCRYPTION_KEY to encrypt them");
    } else if (count.plain() + count.previous() > 0) {
      LOG.atWarn()
          .addKeyValue("plain", count.plain())
          .addKeyValue("previous", count.previous())
          .log(
              "some webhook secrets or headers are not encrypted with the current key;"
                  + " run \"./runhook secrets rotate\"");
    }
    if (count.unknown() > 0) {
      LOG.atError()
          .addKeyValue("webhooks", count.unknown())
          .log(
              "some webhook secrets or headers are encrypted with an unknown key, so these webhooks"
                  + " receive nothing; add the key to RUNHOOK_ENCRYPTION_KEY_PREVIOUS");
    }
  }
}
