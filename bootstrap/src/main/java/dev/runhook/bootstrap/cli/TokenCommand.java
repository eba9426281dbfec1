package dev.runhook.bootstrap.cli;

import dev.runhook.application.access.TokenAdmin;
import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.bootstrap.wiring.UuidV7IdGenerator;
import dev.runhook.persistence.JdbiTransactor;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "token",
    description = "Creates, lists and revokes tokens directly in the database.",
    subcommands = {TokenCreateCommand.class, TokenListCommand.class, TokenRevokeCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Uses the configured database, with or without a running server; see docs/threat-model.md."
    })
final class TokenCommand implements Runnable {
  /// The actor in audit events of the command line.
  static final String ACTOR = "command line";

  @Spec private CommandSpec spec;

  TokenCommand() {
    this.spec = CommandSpec.create();
  }

  static TokenAdmin tokenAdmin(CliDatabase database) {
    return TokenAdmin.using(
        new JdbiTransactor(database.dataSource()),
        new UuidV7IdGenerator(),
        new SecureRandom(),
        _ -> {});
  }

  @Override
  public void run() {
    throw UsageErrors.missingSubcommand(spec);
  }
}
