package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.application.access.CreateTokenRequest;
import dev.runhook.bootstrap.cli.client.ApiPath;
import dev.runhook.bootstrap.cli.client.Column;
import dev.runhook.bootstrap.cli.client.LocalTokens;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.SettingsReader;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.text.Durations;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

@Command(
    name = "tokens",
    aliases = "token",
    description = "Creates, lists and revokes tokens.",
    footer =
        "With --local, uses the database of the configured server directly, for the first token or"
            + " if the server is not running; see docs/internals/threat-model.md.")
public final class TokensCommand extends ApiCommand {
  private static final String TOKENS = "tokens";
  private static final Duration MIN_LIFETIME = Duration.ofSeconds(1);
  private static final Duration MAX_LIFETIME = Duration.ofDays(36_500);
  private static final List<Column> COLUMNS =
      Column.of(
          """
          ID /id, ROLE /role, CREATED /createdAt, EXPIRES /expiresAt never,
          LAST USED /lastUsedAt never, REVOKED /revokedAt, NAME /name,
          STACKS /stacks all
          """);

  @Option(
      names = "--local",
      scope = ScopeType.INHERIT,
      description = "Uses the configured database instead of a server.")
  private boolean local;

  @Option(
      names = "--account",
      scope = ScopeType.INHERIT,
      paramLabel = "A",
      description = "With --local: the account (default: RUNHOOK_ACCOUNT; all for list).")
  private @Nullable String account;

  @Command(
      name = "create",
      description = "Creates a token and prints it. It cannot be shown again.",
      footer =
          "Only the token is on standard output: TOKEN=$(./runhook tokens create --role writer)."
              + " With --sign-in-link, the link is there instead: it signs a person in to the web UI"
              + " once.")
  int create(
      @Option(
              names = "--role",
              required = true,
              paramLabel = "R",
              description = "The role of the token: reader, writer or admin.")
          Role role,
      @Option(
              names = "--stack",
              paramLabel = "S",
              description = "Limits the token to this stack; can be repeated (default: all).")
          @Nullable List<String> stacks,
      @Option(
              names = "--name",
              paramLabel = "N",
              description = "A name for the token (default: the role).")
          @Nullable String name,
      @Option(
              names = "--expires-in",
              paramLabel = "D",
              description = "How long the token works, such as 90d (default: until it is revoked).")
          @Nullable String expiresIn,
      @Option(
              names = "--sign-in-link",
              arity = "0..1",
              fallbackValue = "24h",
              paramLabel = "D",
              description =
                  "Prints a link that signs in once, within this time, up to 7d (default:"
                      + " ${FALLBACK-VALUE}).")
          @Nullable String signInLink) {
    String roleName = lowercase(role);
    StackScope scope = stacks == null ? new All() : new Only(new HashSet<>(stacks));
    Optional<Instant> expiresAt = Optional.ofNullable(expiresIn).map(this::expiresAt);
    Optional<Duration> signInFor =
        Optional.ofNullable(signInLink)
            .map(time -> parse("--sign-in-link ", () -> CreateTokenRequest.parseSignInTime(time)));
    CreateTokenRequest newToken =
        parse(
            "",
            () ->
                new CreateTokenRequest(
                    name == null ? roleName : name, role, scope, expiresAt, signInFor));
    JsonNode token =
        isLocal() ? local().create(newToken) : post(ApiPath.of(TOKENS), toJson(newToken));
    String link = token.at("/signInLink/path").asText();
    printChange(token, link.isEmpty() ? token.path("token").asText() : webUi() + link);
    err()
        .printf(
            "runhook: created token %s with role %s for %s; it cannot be shown again%n",
            token.path("id").asText(),
            roleName,
            stacks == null ? "all stacks" : String.join(", ", stacks));
    return EXIT_SUCCESS;
  }

  private Instant expiresAt(String lifetime) {
    return Instant.now()
        .plus(parse("--expires-in ", () -> Durations.parse(lifetime, MIN_LIFETIME, MAX_LIFETIME)));
  }

  /// The address of the web UI; with --local empty if it is not configured.
  private String webUi() {
    return isLocal()
        ? SettingsReader.read().find(SettingDefinitions.PUBLIC_URL).map(URI::toString).orElse("")
        : server().toString();
  }

  private static ObjectNode toJson(CreateTokenRequest token) {
    ObjectNode json = object().put("name", token.name()).put("role", lowercase(token.role()));
    token.expiresAt().ifPresent(time -> json.put("expiresAt", time.toString()));
    token
        .signInFor()
        .ifPresent(time -> json.putObject("signInLink").put("expiresIn", time.toString()));
    if (token.stackScope() instanceof Only(var stacks)) {
      stacks.forEach(json.putArray("stacks")::add);
    }
    return json;
  }

  private static String lowercase(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  @Command(name = "list", description = "Lists tokens, the newest first, including revoked ones.")
  int list(@Mixin Limit limit) {
    if (!isLocal()) {
      return printList(ApiPath.of(TOKENS), limit, COLUMNS);
    }
    int max = limit.get(this);
    List<Column> columns = new ArrayList<>(COLUMNS);
    columns.add(1, new Column("ACCOUNT", "/account", "-"));
    return printList(local().list(max + 1), max, columns);
  }

  @Command(
      name = "revoke",
      description =
          "Revokes a token permanently. Running servers accept it for up to 10 more seconds.")
  int revoke(
      @Parameters(paramLabel = "ID", description = "The id, as printed by \"tokens list\".")
          String id) {
    TokenId token = parseId(id);
    if (isLocal()) {
      local().revoke(token);
    } else {
      send("DELETE", ApiPath.of(TOKENS, token.toString()), null);
    }
    err().printf("runhook: revoked token %s; servers accept it for up to 10 more seconds%n", id);
    return EXIT_SUCCESS;
  }

  /// An invalid id may be the token itself, so the message does not quote it, and it is not sent in
  /// a URL.
  private TokenId parseId(String id) {
    try {
      return new TokenId(UUID.fromString(id));
    } catch (IllegalArgumentException _) {
      throw usageError("ID is not a token id; \"tokens list\" prints the ids");
    }
  }

  private boolean isLocal() {
    if (account != null && !local) {
      throw usageError("--account requires --local; a server uses the account of your token");
    }
    return local;
  }

  private LocalTokens local() {
    Settings settings = SettingsReader.read();
    return new LocalTokens(
        settings, Optional.ofNullable(account).map(name -> parse("", () -> new AccountId(name))));
  }
}
