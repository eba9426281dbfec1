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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "revoke",
    description =
        "Revokes a token for good; running servers accept it for 10 seconds more at most.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class TokenRevokeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", description = "The id of the token, as \"token list\" shows it.")
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
    try (CliDatabase store = CliDatabase.open(settings)) {
      store.tokenAdmin().revoke(TokenScope.all(), token, new Actor(TokenCommand.ACTOR));
    }
    spec.commandLine()
        .getErr()
        .println("runhook: revoked the token " + token + "; servers know it for 10 s at most");
    return 0;
  }

  /// What is no id may be the token's text, given by mistake: it is not repeated.
  private TokenId token() {
    try {
      return new TokenId(UUID.fromString(id));
    } catch (IllegalArgumentException _) {
      throw new ParameterException(
          spec.commandLine(), "ID is not the id of a token; \"token list\" shows the ids");
    }
  }
}
