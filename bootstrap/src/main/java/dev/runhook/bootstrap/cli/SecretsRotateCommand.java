package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.persistence.secret.SecretReencryption.Rotation;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "rotate",
    description =
        "Encrypts with RUNHOOK_ENCRYPTION_KEY what is plain or encrypted with a previous key.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Works beside running servers that have the key already. Exit code 1 where some could not be decrypted; they are left as they are."
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
          "RUNHOOK_ENCRYPTION_KEY is not set; give the key to encrypt with, 32 random bytes in base64 or hex");
    }
    Logging.configureForCommand(settings.logging());
    Rotation rotation;
    try (CliDatabase store = CliDatabase.open(settings)) {
      rotation = store.secretReencryption(settings.encryption().cipher()).rotate();
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "encrypted the secrets of %d webhooks, of which %d were plain%n",
        rotation.encrypted(), rotation.plain());
    out.flush();
    rotation
        .undecryptable()
        .forEach(webhook ->
            spec.commandLine()
                .getErr()
                .println(
                    "runhook: the secret or a header of webhook "
                        + webhook
                        + " cannot be decrypted"));
    return rotation.undecryptable().isEmpty() ? 0 : Main.EXIT_FAILURE;
  }
}
