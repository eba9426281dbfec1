package dev.runhook.bootstrap.cli;

import dev.runhook.application.Actor;
import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "revoke",
    description =
        "Revokes a token permanently. Running servers accept it for up to 10 more seconds.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class TokenRevokeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", description = "The id of the token, as printed by \"token list\".")
  private String id = "";

  @Spec private CommandSpec spec;

  TokenRevokeCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Settings settings = Settings.read();
    TokenId token = token();
    Logging.configureForCommand(settings.logging());
    try (CliDatabase database = CliDatabase.open(settings)) {
      TokenCommand.tokenAdmin(database)
          .revoke(TokenScope.all(), token, new Actor(TokenCommand.ACTOR));
    }
    spec.commandLine()
        .getErr()
        .println(
            "runhook: revoked token " + token + "; servers accept it for up to 10 more seconds");
    return 0;
  }

  /// An invalid id may be the token itself, so the message does not quote it.
  private TokenId token() {
    try {
      return new TokenId(UUID.fromString(id));
    } catch (IllegalArgumentException _) {
      throw UsageErrors.of(spec, "ID is not a token id; \"token list\" prints the ids");
    }
  }
}
