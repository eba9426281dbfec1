package dev.runhook.http;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runhook.application.Refusal.NoSuchToken;
import dev.runhook.application.RefusedException;
import dev.runhook.application.access.NewToken;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Reach.AllStacks;
import dev.runhook.domain.account.Reach.SomeStacks;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `/tokens`: who may do what. A token's text is told once, to whoever creates it.
final class TokenRoutes {
  private static final String TOKENS = "/tokens";
  private static final Form<Role> ROLE = Form.STRING.as(TokenRoutes::role);
  private static final Form<String> NAME =
      Form.STRING.as(name -> new NewToken(name, Role.READER, new AllStacks()).name());
  private static final Form<Reach> STACKS = Form.listOf(Form.STRING).as(TokenRoutes::reach);

  private final TokenAdmin tokens;

  TokenRoutes(TokenAdmin tokens) {
    this.tokens = tokens;
  }

  /// A token as the API tells it.
  ///
  /// @param stacks null for all
  /// @param token its text; absent but in the answer to its creation
  record TokenJson(
      String id,
      String name,
      String role,
      @Nullable List<String> stacks,
      Instant createdAt,
      String createdBy,
      @Nullable Instant lastUsedAt,
      @Nullable Instant revokedAt,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String token) {
    static TokenJson of(Token token) {
      return of(token, null);
    }

    static TokenJson of(Token token, @Nullable String text) {
      return new TokenJson(
          token.grant().token().toString(),
          token.grant().name(),
          token.grant().role().name().toLowerCase(Locale.ROOT),
          TokenRoutes.stacks(token.grant().reach()),
          token.createdAt(),
          token.createdBy(),
          token.lastUsedAt().orElse(null),
          token.revokedAt().orElse(null),
          text);
    }
  }

  void mount(Routes routes) {
    routes.account(GET, TOKENS, Role.ADMIN, this::list);
    routes.account(POST, TOKENS, Role.ADMIN, this::create);
    routes.account(DELETE, TOKENS + "/{token}", Role.ADMIN, this::revoke);
  }

  private Answer list(Call call) {
    TokenScope scope = TokenScope.of(call.grant());
    return Pages.answer(call.parameters(), page -> tokens.list(scope, page), TokenJson::of);
  }

  private Answer create(Call call) {
    NewToken wanted = call.body(TokenRoutes::read);
    TokenAdmin.Created created = tokens.create(wanted, call.grant());
    return Answer.of(201, TokenJson.of(created.token(), created.text().reveal()));
  }

  private Answer revoke(Call call) {
    TokenId id =
        call.findId("token")
            .map(TokenId::new)
            .orElseThrow(() -> new RefusedException(new NoSuchToken(call.path("token"))));
    tokens.revoke(TokenScope.of(call.grant()), id, call.actor());
    return Answer.noContent();
  }

  private static Optional<NewToken> read(Fields fields) {
    Optional<String> name = fields.required("name", NAME);
    Optional<Role> role = fields.required("role", ROLE);
    Optional<Reach> stacks = fields.optional("stacks", STACKS);
    return fields.make(
        () -> new NewToken(name.orElseThrow(), role.orElseThrow(), stacks.orElse(new AllStacks())));
  }

  private static Role role(String text) {
    return switch (text) {
      case "reader" -> Role.READER;
      case "writer" -> Role.WRITER;
      case "admin" -> Role.ADMIN;
      default -> throw new IllegalArgumentException("must be one of reader, writer, admin");
    };
  }

  /// The ids of those in reach; null for all.
  static @Nullable List<String> stacks(Reach reach) {
    return switch (reach) {
      case AllStacks() -> null;
      case SomeStacks(var stacks) -> stacks.stream().sorted().toList();
    };
  }

  private static Reach reach(List<String> stacks) {
    Reach some = new SomeStacks(new HashSet<>(stacks));
    return new NewToken("any", Role.READER, some).reach();
  }
}
