package dev.runhook.http.account;

import static io.javalin.http.HandlerType.GET;

import dev.runhook.application.AuditFilter;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.json.Rfc3339;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `/audit`: who did what.
public final class AuditRoutes {
  private final AuditLog audit;

  public AuditRoutes(AuditLog audit) {
    this.audit = audit;
  }

  /// @param token null where none was shown
  /// @param stack null for what is the account's
  /// @param subject the id of a webhook, delivery or token, by the action; null for a stack, or all
  ///   of its webhooks
  record AuditEventJson(
      String id,
      Instant occurredAt,
      AuditAction action,
      String actor,
      @Nullable String token,
      @Nullable String stack,
      @Nullable String resource,
      String detail) {
    static AuditEventJson of(AuditEvent entry) {
        return new AuditEventJson(
          entry.id().toString(),
          entry.occurredAt(),
          entry.action(),
          entry.actor(),
          entry.token().map(TokenId::toString).orElse(null),
          entry.stack().orElse(null),
          entry.resource().map(UUID::toString).orElse(null),
          entry.detail());
    }
  }

  public void mount(Routes routes) {
    routes.account(GET, "/audit", Role.ADMIN, this::list);
  }

  private ApiResponse list(ApiRequest apiRequest) {
    QueryReader queryReader = apiRequest.query();
    AuditFilter filter =
        new AuditFilter(
            apiRequest.grant().account(),
            apiRequest.grant().stackScope(),
            queryReader.find("actor", AuditRoutes::text),
            queryReader.find("action", name -> Decoder.enumConstant(AuditAction.class, name)),
            queryReader.find(
                "stack", slug -> new StackId(apiRequest.grant().account(), slug).slug()),
            queryReader.find("from", Rfc3339::parseQueryParameter),
            queryReader.find("to", Rfc3339::parseQueryParameter));
    return Pagination.respond(queryReader, page -> audit.list(filter, page), AuditEventJson::of);
  }

  private static String text(String text) {
    if (text.isBlank() || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("must be a name, or the id of a token");
    }
    return text;
  }
}
