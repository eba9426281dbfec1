package dev.runhook.bootstrap.cli;

import dev.runhook.application.access.TokenAdmin;
import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.wiring.UuidV7IdGenerator;
import dev.runhook.persistence.JdbiTransactor;
import java.security.SecureRandom;
import java.util.function.Function;
import picocli.CommandLine.Command;

@Command(
    name = "token",
    description = "Creates, lists and revokes tokens directly in the database.",
    subcommands = {TokenCreateCommand.class, TokenListCommand.class, TokenRevokeCommand.class},
    footer = {
      "",
      "Uses the configured database, with or without a running server; see docs/threat-model.md."
    })
final class TokenCommand extends CliCommand {
  /// The actor in audit events of the command line.
  static final String ACTOR = "command line";

  /// Performs an operation on the tokens of the configured database.
  static <T> T withTokens(Settings settings, Function<TokenAdmin, T> operation) {
    Logging.configureForCommand(settings.logging());
    try (CliDatabase database = CliDatabase.open(settings)) {
      return operation.apply(
          TokenAdmin.using(
              new JdbiTransactor(database.dataSource()),
              new UuidV7IdGenerator(),
              new SecureRandom(),
              _ -> {}));
    }
  }
}
