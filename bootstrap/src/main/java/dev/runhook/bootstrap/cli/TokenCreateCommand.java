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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "create",
    description = "Creates a token and prints its text, this once.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "The text alone is on standard output: TOKEN=$(./runhook token create --role writer)"
    })
final class TokenCreateCommand implements Callable<Integer> {
  @Option(
      names = "--account",
      paramLabel = "A",
      description = "The account it belongs to (default: that of RUNHOOK_ACCOUNT).")
  private String account = "";

  @Option(
      names = "--role",
      required = true,
      paramLabel = "R",
      description = "What it may do: reader, writer or admin.")
  private Role role = Role.READER;

  @Option(
      names = "--stack",
      paramLabel = "S",
      description =
          "A stack that it is limited to; may be given several times (default: all stacks).")
  private List<String> stacks = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "N",
      description = "Tells people whose token it is (default: the role).")
  private String name = "";

  @Spec private CommandSpec spec;

  TokenCreateCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Settings settings = Settings.read();
    NewToken wanted = wanted();
    AccountId owner = owner(settings);
    Logging.configureForCommand(settings.logging());
    TokenAdmin.CreatedToken createdToken;
    try (CliDatabase store = CliDatabase.open(settings)) {
      createdToken = store.tokenAdmin().create(wanted, anyAdminOf(owner));
    }
    spec.commandLine().getOut().println(createdToken.secret().reveal());
    spec.commandLine().getOut().flush();
    spec.commandLine()
        .getErr()
        .println(
            "runhook: created the token %s, %s of %s, for %s; its text is shown this once"
                .formatted(
                    createdToken.token().grant().token(),
                    role.name().toLowerCase(Locale.ROOT),
                    owner,
                    stacks.isEmpty() ? "all stacks" : String.join(", ", stacks)));
    return 0;
  }

  private NewToken wanted() {
    StackScope stackScope = stacks.isEmpty() ? new All() : new Only(new HashSet<>(stacks));
    try {
      return new NewToken(
          name.isEmpty() ? role.name().toLowerCase(Locale.ROOT) : name, role, stackScope);
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
  }

  private AccountId owner(Settings settings) {
    try {
      return account.isEmpty() ? settings.account() : new AccountId(account);
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
  }

  private ParameterException wrong(IllegalArgumentException e) {
    return new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
  }

  /// Whoever has the database has all of it.
  private static Grant anyAdminOf(AccountId account) {
    return new Grant(TokenId.CONFIGURED_ADMIN, account, Role.ADMIN, new All(), TokenCommand.ACTOR);
  }
}
