package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.setting.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "token",
    description = "Creates, lists and revokes tokens, on the database itself.",
    subcommands = {TokenCreateCommand.class, TokenListCommand.class, TokenRevokeCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Works on the database that the settings name, beside a running server or without one; see docs/security-access.md."
    })
final class TokenCommand implements Runnable {
  /// In whose name the command line does things.
  static final String ACTOR = "command line";

  @Spec private CommandSpec spec;

  TokenCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public void run() {
    throw UsageErrors.missingSubcommand(spec);
  }
}
