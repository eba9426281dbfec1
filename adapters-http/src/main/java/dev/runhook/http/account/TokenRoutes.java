package dev.runhook.http.account;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.PATCH;
import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.application.access.CreateTokenRequest;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.access.TokenAdmin.CreatedToken;
import dev.runhook.application.access.TokenAdmin.SignInLink;
import dev.runhook.application.refusal.Refusal.NoSuchToken;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.account.WebSession;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.Json;
import dev.runhook.http.json.JsonObjectReader;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Routes for API tokens at `/tokens`. The secret of a token appears only in the response that
/// creates it.
public final class TokenRoutes {
  private static final String TOKENS = "/tokens";
  private static final String SESSIONS = "/sessions";
  private static final Decoder<Role> ROLE =
      Decoder.STRING.map(name -> Decoder.lowerCaseConstant(List.of(Role.values()), name));
  private static final Decoder<String> NAME =
      Decoder.STRING.map(name -> new CreateTokenRequest(name, Role.READER, new All()).name());
  private static final Decoder<StackScope> STACKS =
      Decoder.listOf(Decoder.STRING)
          .map(ids ->
              new CreateTokenRequest("any", Role.READER, new Only(new HashSet<>(ids)))
                  .stackScope());

  private static final Decoder<Duration> SIGN_IN_LINK =
      JsonObjectReader.decoder(link -> {
        Optional<Duration> expiresIn =
            link.optional("expiresIn", Decoder.STRING.map(CreateTokenRequest::parseSignInTime));
        return link.build(() -> expiresIn.orElse(CreateTokenRequest.DEFAULT_SIGN_IN));
      });

  private final TokenAdmin tokens;

  public TokenRoutes(TokenAdmin tokens) {
    this.tokens = tokens;
  }

  /// @param stacks null for all
  /// @param token the secret; present only in the response that creates the token
  /// @param signInLink present only in that response, if the link was requested
  record TokenJson(
      String id,
      String name,
      String role,
      Optional<List<String>> stacks,
      Instant createdAt,
      String createdBy,
      Optional<Instant> expiresAt,
      Optional<Instant> lastUsedAt,
      Optional<Instant> revokedAt,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String token,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SignInLinkJson signInLink) {
    static TokenJson of(CreatedToken created) {
      return of(
          created.token(),
          created.secret().reveal(),
          created.signInLink().map(SignInLinkJson::of).orElse(null));
    }

    static TokenJson of(Token token) {
      return of(token, null, null);
    }

    private static TokenJson of(
        Token token, @Nullable String secret, @Nullable SignInLinkJson signInLink) {
      return new TokenJson(
          token.grant().token().toString(),
          token.grant().name(),
          token.grant().role().name().toLowerCase(Locale.ROOT),
          TokenRoutes.stackIds(token.grant().stackScope()),
          token.createdAt(),
          token.createdBy(),
          token.expiresAt(),
          token.lastUsedAt(),
          token.revokedAt(),
          secret,
          signInLink);
    }
  }

  /// @param path of the web UI; browsers do not send what follows the `#`
  record SignInLinkJson(String path, Instant expiresAt) {
    static SignInLinkJson of(SignInLink link) {
      return new SignInLinkJson("/#/sign-in/" + link.code().reveal(), link.expiresAt());
    }
  }

  /// @param token the id of the token that started the session
  /// @param browser the short name of the program that started it, or null
  record SessionJson(
      String id,
      String name,
      String token,
      Optional<String> browser,
      Instant startedAt,
      Instant lastUsedAt,
      Instant expiresAt) {
    static SessionJson of(WebSession session) {
      return new SessionJson(
          session.id().hex(),
          session.owner().name(),
          session.owner().token().toString(),
          session.owner().browser().name(),
          session.startedAt(),
          session.lastUsedAt(),
          session.expiresAt());
    }
  }

  record SessionListJson(List<SessionJson> items, Optional<String> next) {}

  public void mount(Routes routes) {
    routes.account(GET, SESSIONS, Role.ADMIN, this::listSessions);
    routes.account(DELETE, SESSIONS + "/{session}", Role.ADMIN, this::endSession);
    routes.account(GET, TOKENS, Role.ADMIN, this::list);
    routes.account(POST, TOKENS, Role.ADMIN, this::create);
    routes.account(PATCH, TOKENS + "/{token}", Role.ADMIN, this::rename);
    routes.account(DELETE, TOKENS + "/{token}", Role.ADMIN, this::revoke);
  }

  private ApiResponse list(ApiRequest request) {
    TokenScope scope = TokenScope.of(request.grant());
    return Pagination.respond(request.query(), page -> tokens.list(scope, page), TokenJson::of);
  }

  private ApiResponse listSessions(ApiRequest request) {
    List<SessionJson> items =
        tokens.listSessions(request.grant()).stream().map(SessionJson::of).toList();
    return ApiResponse.ok(new SessionListJson(items, Optional.empty()));
  }

  private ApiResponse endSession(ApiRequest request) {
    tokens.endSession(request.grant(), new SessionId(request.pathParameter("session")));
    return ApiResponse.noContent();
  }

  private ApiResponse create(ApiRequest request) {
    CreateTokenRequest newToken = request.readBody(TokenRoutes::parse);
    CreatedToken created = tokens.within(request.scope()).create(newToken, request.grant());
    return ApiResponse.of(201, TokenJson.of(created));
  }

  private ApiResponse rename(ApiRequest request) {
    String name = request.readBody(TokenRoutes::parseName);
    Token renamed =
        tokens.rename(TokenScope.of(request.grant()), id(request), name, request.actor());
    return ApiResponse.ok(TokenJson.of(renamed));
  }

  private static Optional<String> parseName(JsonObjectReader fields) {
    Optional<String> name = fields.required("name", NAME);
    return fields.build(name::orElseThrow);
  }

  private static TokenId id(ApiRequest request) {
    return request.id("token", TokenId::new, NoSuchToken::new);
  }

  private ApiResponse revoke(ApiRequest request) {
    tokens.revoke(TokenScope.of(request.grant()), id(request), request.actor());
    return ApiResponse.noContent();
  }

  /// Decodes a request to create a token.
  public static Optional<CreateTokenRequest> parse(JsonObjectReader fields) {
    Optional<String> name = fields.required("name", NAME);
    Optional<Role> role = fields.required("role", ROLE);
    Optional<StackScope> stacks = fields.optional("stacks", STACKS);
    Optional<Instant> expiresAt = fields.optional("expiresAt", Decoder.TIME);
    Optional<Duration> signInFor = fields.optional("signInLink", SIGN_IN_LINK);
    return fields.build(() ->
        new CreateTokenRequest(
            name.orElseThrow(),
            role.orElseThrow(),
            stacks.orElse(new All()),
            expiresAt,
            signInFor));
  }

  /// Returns a token as in the response that creates it.
  public static ObjectNode toJson(CreatedToken created) {
    return Json.MAPPER.valueToTree(TokenJson.of(created));
  }

  /// Returns a token as in other responses.
  public static ObjectNode toJson(Token token) {
    return Json.MAPPER.valueToTree(TokenJson.of(token));
  }

  /// Returns the stack ids of a scope; empty for all stacks.
  static Optional<List<String>> stackIds(StackScope scope) {
    return switch (scope) {
      case All() -> Optional.empty();
      case Only(var stacks) -> Optional.of(stacks.stream().sorted().toList());
    };
  }
}
