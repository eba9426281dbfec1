package dev.runhook.http.account;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runhook.application.Refusal.NoSuchToken;
import dev.runhook.application.RefusedException;
import dev.runhook.application.access.NewToken;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `/tokens`: who may do what. A token's text is told once, to whoever creates it.
public final class TokenRoutes {
  private static final String TOKENS = "/tokens";
  private static final Decoder<Role> ROLE = Decoder.STRING.map(TokenRoutes::role);
  private static final Decoder<String> NAME =
      Decoder.STRING.map(name -> new NewToken(name, Role.READER, new All()).name());
  private static final Decoder<StackScope> STACKS =
      Decoder.listOf(Decoder.STRING).map(TokenRoutes::reach);

  private final TokenAdmin tokens;

  public TokenRoutes(TokenAdmin tokens) {
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
          TokenRoutes.stackIds(token.grant().stackScope()),
          token.createdAt(),
          token.createdBy(),
          token.lastUsedAt().orElse(null),
          token.revokedAt().orElse(null),
          text);
    }
  }

  public void mount(Routes routes) {
    routes.account(GET, TOKENS, Role.ADMIN, this::list);
    routes.account(POST, TOKENS, Role.ADMIN, this::create);
    routes.account(DELETE, TOKENS + "/{token}", Role.ADMIN, this::revoke);
  }

  private ApiResponse list(ApiRequest apiRequest) {
    TokenScope scope = TokenScope.of(apiRequest.grant());
    return Pagination.respond(apiRequest.query(), page -> tokens.list(scope, page), TokenJson::of);
  }

  private ApiResponse create(ApiRequest apiRequest) {
    NewToken wanted = apiRequest.readBody(TokenRoutes::read);
    TokenAdmin.CreatedToken createdToken = tokens.create(wanted, apiRequest.grant());
    return ApiResponse.of(201, TokenJson.of(createdToken.token(), createdToken.secret().reveal()));
  }

  private ApiResponse revoke(ApiRequest apiRequest) {
    TokenId id =
        apiRequest
            .findId("token")
            .map(TokenId::new)
            .orElseThrow(
                () -> new RefusedException(new NoSuchToken(apiRequest.pathParameter("token"))));
    tokens.revoke(TokenScope.of(apiRequest.grant()), id, apiRequest.actor());
    return ApiResponse.noContent();
  }

  private static Optional<NewToken> read(JsonObjectReader jsonObjectReader) {
    Optional<String> name = jsonObjectReader.required("name", NAME);
    Optional<Role> role = jsonObjectReader.required("role", ROLE);
    Optional<StackScope> stacks = jsonObjectReader.optional("stacks", STACKS);
    return jsonObjectReader.build(
        () -> new NewToken(name.orElseThrow(), role.orElseThrow(), stacks.orElse(new All())));
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
  static @Nullable List<String> stackIds(StackScope stackScope) {
    return switch (stackScope) {
      case All() -> null;
      case Only(var stacks) -> stacks.stream().sorted().toList();
    };
  }

  private static StackScope reach(List<String> stacks) {
    StackScope some = new Only(new HashSet<>(stacks));
    return new NewToken("any", Role.READER, some).stackScope();
  }
}
