package dev.runhook.bootstrap.cli.server;

import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.SettingsReader;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.webhook.SecretReencryption;
import dev.runhook.persistence.webhook.SecretReencryption.Rotation;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "secrets",
    description = "Manages the encryption of webhook secrets.",
    subcommands = SecretsCommand.RotateCommand.class,
    footer = "See docs/hardening.md.")
public final class SecretsCommand extends CliCommand {
  @Command(
      name = "rotate",
      description = "Encrypts all webhook secrets and headers with RUNHOOK_ENCRYPTION_KEY.",
      footer =
          "Safe while servers run, if they already have the key. Exit code 1 if some secrets cannot"
              + " be decrypted; those are not changed.")
  static final class RotateCommand extends CliCommand {
    @Override
    public Integer call() {
      Settings settings = SettingsReader.read();
      if (settings.encryption().key().isEmpty()) {
        throw new ConfigurationException(
            "RUNHOOK_ENCRYPTION_KEY is not set; set it to the new key, 32 random bytes in base64 or"
                + " hex");
      }
      Logging.configure(settings.logging());
      SecretCipher cipher = settings.encryption().cipher();
      List<Rotation> buckets;
      try (CliDatabase database = CliDatabase.open(settings)) {
        buckets =
            database.ofBuckets(
                (source, schema) -> new SecretReencryption(source, cipher, schema).rotate());
      }
      Rotation rotation = buckets.stream().reduce(Rotation::plus).orElseThrow();
      out()
          .printf(
              "webhooks encrypted: %d; previously unencrypted: %d%n",
              rotation.encrypted(), rotation.plain());
      out().flush();
      for (var webhook : rotation.undecryptable()) {
        err().println("runhook: cannot decrypt the secret or a header of webhook " + webhook);
      }
      return rotation.undecryptable().isEmpty() ? EXIT_SUCCESS : EXIT_FAILURE;
    }
  }
}
