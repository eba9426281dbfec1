package dev.runhook.bootstrap.cli;

import dev.runhook.application.Actor;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    description =
        "Revokes a token permanently. Running servers accept it for up to 10 more seconds.")
final class TokenRevokeCommand extends CliCommand {
  @Parameters(paramLabel = "ID", description = "The id of the token, as printed by \"token list\".")
  private String id = "";

  @Override
  public Integer call() {
    Settings settings = Settings.read();
    TokenId token = token();
    var _ =
        TokenCommand.withTokens(
            settings,
            tokens -> {
              tokens.revoke(TokenScope.all(), token, new Actor(TokenCommand.ACTOR));
              return token;
            });
    err().printf("runhook: revoked token %s; servers accept it for up to 10 more seconds%n", token);
    return EXIT_SUCCESS;
  }

  /// An invalid id may be the token itself, so the message does not quote it.
  private TokenId token() {
    try {
      return new TokenId(UUID.fromString(id));
    } catch (IllegalArgumentException _) {
      throw usageError("ID is not a token id; \"token list\" prints the ids");
    }
  }
}
