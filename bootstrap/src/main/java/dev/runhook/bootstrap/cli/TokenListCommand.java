package dev.runhook.bootstrap.cli;

import static java.time.temporal.ChronoUnit.SECONDS;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description =
        "Lists tokens, newest first, including revoked ones. The tokens themselves are not stored.")
final class TokenListCommand extends CliCommand {
  private static final List<String> HEADINGS =
      List.of("ID", "ACCOUNT", "ROLE", "CREATED", "LAST USED", "REVOKED", "NAME", "STACKS");

  @Option(
      names = "--account",
      paramLabel = "A",
      description = "Lists only this account (default: all accounts).")
  private String account = "";

  @Override
  public Integer call() {
    Settings settings = Settings.read();
    TokenScope scope = scope();
    List<Token> tokens = TokenCommand.withTokens(settings, admin -> all(admin, scope));
    printTable(
        Stream.concat(Stream.of(HEADINGS), tokens.stream().map(TokenListCommand::row)).toList());
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
