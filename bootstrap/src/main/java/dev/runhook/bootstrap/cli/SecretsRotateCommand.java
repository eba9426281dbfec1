package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.persistence.secret.SecretReencryption;
import dev.runhook.persistence.secret.SecretReencryption.Rotation;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "rotate",
    description = "Encrypts all webhook secrets and headers with RUNHOOK_ENCRYPTION_KEY.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Safe while servers run, if they already have the key. Exit code 1 if some secrets cannot be"
          + " decrypted; those are not changed."
    })
final class SecretsRotateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  SecretsRotateCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Settings settings = Settings.read();
    if (settings.encryption().key().isEmpty()) {
      throw new ConfigurationException(
          "RUNHOOK_ENCRYPTION_KEY is not set; set it to the new key, 32 random bytes in base64 or"
              + " hex");
    }
    Logging.configureForCommand(settings.logging());
    Rotation rotation;
    try (CliDatabase database = CliDatabase.open(settings)) {
      rotation =
          new SecretReencryption(database.dataSource(), settings.encryption().cipher()).rotate();
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "encrypted the secrets of %d webhooks; %d were unencrypted%n",
        rotation.encrypted(), rotation.plain());
    out.flush();
    rotation
        .undecryptable()
        .forEach(webhook ->
            spec.commandLine()
                .getErr()
                .println("runhook: cannot decrypt the secret or a header of webhook " + webhook));
    return rotation.undecryptable().isEmpty() ? 0 : Main.EXIT_FAILURE;
  }
}
