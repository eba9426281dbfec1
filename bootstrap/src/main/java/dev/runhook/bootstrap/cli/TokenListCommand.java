package dev.runhook.bootstrap.cli;

import static java.time.temporal.ChronoUnit.SECONDS;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenScope;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description =
        "Lists tokens, newest first, including revoked ones. The tokens themselves are not stored.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class TokenListCommand implements Callable<Integer> {
  private static final List<String> HEADINGS =
      List.of("ID", "ACCOUNT", "ROLE", "CREATED", "LAST USED", "REVOKED", "NAME", "STACKS");

  @Option(
      names = "--account",
      paramLabel = "A",
      description = "Lists only this account (default: all accounts).")
  private String account = "";

  @Spec private CommandSpec spec;

  TokenListCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Settings settings = Settings.read();
    TokenScope scope = scope();
    Logging.configureForCommand(settings.logging());
    List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
    try (CliDatabase database = CliDatabase.open(settings)) {
      all(TokenCommand.tokenAdmin(database), scope).forEach(token -> rows.add(row(token)));
    }
    print(rows, spec.commandLine().getOut());
    return 0;
  }

  private TokenScope scope() {
    try {
      return account.isEmpty()
          ? TokenScope.all()
          : new TokenScope(Optional.of(new AccountId(account)), new All());
    } catch (IllegalArgumentException e) {
      throw UsageErrors.of(spec, String.valueOf(e.getMessage()));
    }
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

  /// Pads each column except the last one to its widest cell.
  private static void print(List<List<String>> rows, PrintWriter out) {
    int last = HEADINGS.size() - 1;
    int[] widths =
        IntStream.range(0, last)
            .map(column ->
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow())
            .toArray();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < last; column++) {
        line.append(row.get(column)).repeat(' ', widths[column] - row.get(column).length() + 2);
      }
      out.println(line.append(row.get(last)));
    }
    out.flush();
  }
}
