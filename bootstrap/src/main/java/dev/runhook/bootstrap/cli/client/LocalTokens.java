package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.application.access.CreateTokenRequest;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.Actor;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.embedded.UuidV7IdGenerator;
import dev.runhook.http.account.TokenRoutes;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.secret.SecretCipher;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The tokens of the configured database, with or without a running server. Results have the fields
/// of the API, and the `account`.
///
/// @param account empty for the configured one, and for all in a list
public record LocalTokens(Settings settings, Optional<AccountId> account) {
  /// The actor in the audit events.
  private static final String ACTOR = "command line";

  public JsonNode create(CreateTokenRequest newToken) {
    TokenAdmin.CreatedToken created =
        onDatabase(tokens ->
            tokens.create(
                newToken,
                adminOf(account.orElseGet(() -> settings.get(SettingDefinitions.ACCOUNT)))));
    return withAccount(TokenRoutes.toJson(created), created.token());
  }

  public List<JsonNode> list(int maxItems) {
    TokenScope scope = new TokenScope(account, new All());
    return onDatabase(tokens -> {
      List<JsonNode> items = new ArrayList<>();
      Optional<String> next = Optional.empty();
      do {
        int limit = Math.min(PageRequest.MAX_LIMIT, maxItems - items.size());
        Page<Token> page = tokens.list(scope, new PageRequest(limit, next));
        page.items().forEach(token -> items.add(withAccount(TokenRoutes.toJson(token), token)));
        next = page.next();
      } while (next.isPresent() && items.size() < maxItems);
      return items;
    });
  }

  public void revoke(TokenId token) {
    var _ =
        onDatabase(tokens -> {
          tokens.revoke(TokenScope.all(), token, new Actor(ACTOR));
          return token;
        });
  }

  private <T> T onDatabase(Function<TokenAdmin, T> operation) {
    Logging.configure(settings.logging());
    try (CliDatabase database = CliDatabase.open(settings)) {
      return operation.apply(
          new TokenAdmin(
              new JdbiTransactor(
                  database.homeDataSource(), SecretCipher.none(), database.homeSchema()),
              new UuidV7IdGenerator(),
              new SecureRandom(),
              _ -> {}));
    }
  }

  /// Access to the database includes access to all accounts.
  private static Grant adminOf(AccountId account) {
    return new Grant(TokenId.CONFIGURED_ADMIN, account, Role.ADMIN, new All(), ACTOR);
  }

  private static JsonNode withAccount(ObjectNode json, Token token) {
    return json.put("account", token.grant().account().name());
  }
}
