package dev.runhook.bootstrap.cli;

import static java.time.temporal.ChronoUnit.SECONDS;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.access.NewToken;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.text.Durations;
import dev.runhook.embedded.UuidV7IdGenerator;
import dev.runhook.persistence.JdbiTransactor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "token",
    description = "Creates, lists and revokes tokens directly in the database.",
    subcommands = {
      TokenCommand.CreateCommand.class,
      TokenCommand.ListCommand.class,
      TokenCommand.RevokeCommand.class
    },
    footer = {
      "",
      "Uses the configured database, with or without a running server; see docs/threat-model.md."
    })
final class TokenCommand extends CliCommand {
  /// The actor in the audit events that this command records.
  private static final String ACTOR = "command line";

  /// Performs an operation on the tokens of the configured database.
  private static <T> T withTokens(Settings settings, Function<TokenAdmin, T> operation) {
    Logging.configureForCommand(settings.logging());
    try (CliDatabase database = CliDatabase.open(settings)) {
      return operation.apply(
          new TokenAdmin(
              new JdbiTransactor(database.dataSource()),
              new UuidV7IdGenerator(),
              new SecureRandom(),
              _ -> {}));
    }
  }

  @Command(
      name = "create",
      description = "Creates a token and prints it. It cannot be shown again.",
      footer = {
        "",
        "Only the token is on standard output: TOKEN=$(./runhook token create --role writer)"
      })
  static final class CreateCommand extends CliCommand {
    private static final Duration MIN_LIFETIME = Duration.ofSeconds(1);
    private static final Duration MAX_LIFETIME = Duration.ofDays(36_500);

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

    @Option(
        names = "--expires-in",
        paramLabel = "D",
        description = "How long the token works, such as 90d (default: until it is revoked).")
    private String expiresIn = "";

    @Override
    public Integer call() {
      Settings settings = Settings.read();
      NewToken newToken = newToken();
      AccountId owner = owner(settings);
      TokenAdmin.CreatedToken created =
          withTokens(settings, tokens -> tokens.create(newToken, adminOf(owner)));
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
      Optional<Instant> expiresAt = expiresAt();
      return parse(
          "", () -> new NewToken(name.isEmpty() ? roleName() : name, role, stackScope, expiresAt));
    }

    private Optional<Instant> expiresAt() {
      return expiresIn.isEmpty()
          ? Optional.empty()
          : Optional.of(
              Instant.now()
                  .plus(
                      parse(
                          "--expires-in ",
                          () -> Durations.parse(expiresIn, MIN_LIFETIME, MAX_LIFETIME))));
    }

    private AccountId owner(Settings settings) {
      return account.isEmpty() ? settings.account() : parse("", () -> new AccountId(account));
    }

    private String roleName() {
      return role.name().toLowerCase(Locale.ROOT);
    }

    /// Access to the database includes access to all accounts.
    private static Grant adminOf(AccountId account) {
      return new Grant(TokenId.CONFIGURED_ADMIN, account, Role.ADMIN, new All(), ACTOR);
    }
  }

  @Command(
      name = "list",
      description =
          "Lists tokens, newest first, including revoked ones. The tokens themselves are not"
              + " stored.")
  static final class ListCommand extends CliCommand {
    private static final List<String> HEADINGS =
        List.of(
            "ID",
            "ACCOUNT",
            "ROLE",
            "CREATED",
            "EXPIRES",
            "LAST USED",
            "REVOKED",
            "NAME",
            "STACKS");

    @Option(
        names = "--account",
        paramLabel = "A",
        description = "Lists only this account (default: all accounts).")
    private String account = "";

    @Override
    public Integer call() {
      Settings settings = Settings.read();
      TokenScope scope = scope();
      List<Token> tokens = withTokens(settings, admin -> all(admin, scope));
      printTable(
          Stream.concat(Stream.of(HEADINGS), tokens.stream().map(ListCommand::row)).toList());
      return EXIT_SUCCESS;
    }

    private TokenScope scope() {
      return account.isEmpty()
          ? TokenScope.all()
          : new TokenScope(Optional.of(parse("", () -> new AccountId(account))), new All());
    }

    private static List<Token> all(TokenAdmin tokens, TokenScope scope) {
      List<Token> all = new ArrayList<>();
      Optional<String> next = Optional.empty();
      do {
        Page<Token> page = tokens.list(scope, new PageRequest(PageRequest.MAX_LIMIT, next));
        all.addAll(page.items());
        next = page.next();
      } while (next.isPresent());
      return all;
    }

    private static List<String> row(Token token) {
      Grant grant = token.grant();
      return List.of(
          grant.token().toString(),
          grant.account().name(),
          grant.role().name().toLowerCase(Locale.ROOT),
          token.createdAt().truncatedTo(SECONDS).toString(),
          format(token.expiresAt(), "never"),
          format(token.lastUsedAt(), "never"),
          format(token.revokedAt(), "-"),
          grant.name(),
          stacks(grant.stackScope()));
    }

    private static String format(Optional<Instant> time, String none) {
      return time.map(at -> at.truncatedTo(SECONDS).toString()).orElse(none);
    }

    private static String stacks(StackScope scope) {
      return switch (scope) {
        case All() -> "all";
        case Only(var stacks) -> stacks.stream().sorted().collect(Collectors.joining(","));
      };
    }
  }

  @Command(
      name = "revoke",
      description =
          "Revokes a token permanently. Running servers accept it for up to 10 more seconds.")
  static final class RevokeCommand extends CliCommand {
    @Parameters(
        paramLabel = "ID",
        description = "The id of the token, as printed by \"token list\".")
    private String id = "";

    @Override
    public Integer call() {
      Settings settings = Settings.read();
      TokenId token = token();
      var _ =
          withTokens(
              settings,
              tokens -> {
                tokens.revoke(TokenScope.all(), token, new Actor(ACTOR));
                return token;
              });
      err()
          .printf(
              "runhook: revoked token %s; servers accept it for up to 10 more seconds%n", token);
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
}
