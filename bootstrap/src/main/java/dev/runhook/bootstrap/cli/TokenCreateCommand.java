package dev.runhook.bootstrap.cli;

import dev.runhook.application.access.NewToken;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "create",
    description = "Creates a token and prints it. It cannot be shown again.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Only the token is on standard output: TOKEN=$(./runhook token create --role writer)"
    })
final class TokenCreateCommand implements Callable<Integer> {
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

  @Spec private CommandSpec spec;

  TokenCreateCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Settings settings = Settings.read();
    NewToken newToken = newToken();
    AccountId owner = owner(settings);
    Logging.configureForCommand(settings.logging());
    TokenAdmin.CreatedToken createdToken;
    try (CliDatabase database = CliDatabase.open(settings)) {
      createdToken = TokenCommand.tokenAdmin(database).create(newToken, adminOf(owner));
    }
    spec.commandLine().getOut().println(createdToken.secret().reveal());
    spec.commandLine().getOut().flush();
    spec.commandLine()
        .getErr()
        .println(
            "runhook: created token %s with role %s in account %s for %s; it cannot be shown again"
                .formatted(
                    createdToken.token().grant().token(),
                    role.name().toLowerCase(Locale.ROOT),
                    owner,
                    stacks.isEmpty() ? "all stacks" : String.join(", ", stacks)));
    return 0;
  }

  private NewToken newToken() {
    StackScope stackScope = stacks.isEmpty() ? new All() : new Only(new HashSet<>(stacks));
    try {
      return new NewToken(
          name.isEmpty() ? role.name().toLowerCase(Locale.ROOT) : name, role, stackScope);
    } catch (IllegalArgumentException e) {
      throw UsageErrors.of(spec, String.valueOf(e.getMessage()));
    }
  }

  private AccountId owner(Settings settings) {
    try {
      return account.isEmpty() ? settings.account() : new AccountId(account);
    } catch (IllegalArgumentException e) {
      throw UsageErrors.of(spec, String.valueOf(e.getMessage()));
    }
  }

  /// Access to the database includes access to all accounts.
  private static Grant adminOf(AccountId account) {
    return new Grant(TokenId.CONFIGURED_ADMIN, account, Role.ADMIN, new All(), TokenCommand.ACTOR);
  }
}
