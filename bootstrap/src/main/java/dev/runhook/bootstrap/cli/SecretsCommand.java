package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.setting.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "secrets",
    description = "Manages the encryption of webhook secrets.",
    subcommands = SecretsRotateCommand.class,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {"", "See docs/hardening.md."})
final class SecretsCommand implements Runnable {
  @Spec private CommandSpec spec;

  SecretsCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public void run() {
    throw UsageErrors.missingSubcommand(spec);
  }
}
