package dev.runhook.bootstrap.cli;

import dev.runhook.application.access.NewToken;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.TokenId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "create",
    description = "Creates a token and prints it. It cannot be shown again.",
    footer = {
      "",
      "Only the token is on standard output: TOKEN=$(./runhook token create --role writer)"
    })
final class TokenCreateCommand extends CliCommand {
  @Option(
      names = "--account",
      paramLabel = "A",
      description = "The account of the token (default: RUNHOOK_ACCOUNT).")
  private String account = "";

  @Option(
      names = "--role",
      required = true,
      paramLabel = "R",
      description = "The role of the token: reader, writer or admin.")
  private Role role = Role.READER;

  @Option(
      names = "--stack",
      paramLabel = "S",
      description = "Limits the token to this stack; can be repeated (default: all stacks).")
  private List<String> stacks = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "N",
      description = "A name for the token (default: the role).")
  private String name = "";

  @Override
  public Integer call() {
    Settings settings = Settings.read();
    NewToken newToken = newToken();
    AccountId owner = owner(settings);
    TokenAdmin.CreatedToken created =
        TokenCommand.withTokens(settings, tokens -> tokens.create(newToken, adminOf(owner)));
    out().println(created.secret().reveal());
    out().flush();
    err()
        .printf(
            "runhook: created token %s with role %s in account %s for %s; it cannot be shown"
                + " again%n",
            created.token().grant().token(),
            roleName(),
            owner,
            stacks.isEmpty() ? "all stacks" : String.join(", ", stacks));
    return EXIT_SUCCESS;
  }

  private NewToken newToken() {
    StackScope stackScope = stacks.isEmpty() ? new All() : new Only(new HashSet<>(stacks));
    return parse("", () -> new NewToken(name.isEmpty() ? roleName() : name, role, stackScope));
  }

  private AccountId owner(Settings settings) {
    return account.isEmpty() ? settings.account() : parse("", () -> new AccountId(account));
  }

  private String roleName() {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /// Access to the database includes access to all accounts.
  private static Grant adminOf(AccountId account) {
    return new Grant(TokenId.CONFIGURED_ADMIN, account, Role.ADMIN, new All(), TokenCommand.ACTOR);
  }
}
