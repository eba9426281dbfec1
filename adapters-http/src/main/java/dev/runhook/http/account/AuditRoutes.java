package dev.runhook.http.account;

import static io.javalin.http.HandlerType.GET;

import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.query.AuditFilter;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.json.QueryReader.TimeRange;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Routes for the audit log at `/audit`.
public final class AuditRoutes {
  private final AuditLog audit;

  public AuditRoutes(AuditLog audit) {
    this.audit = audit;
  }

  /// @param token null if no token was involved
  /// @param stack null for an action on the account
  /// @param resource the id of a webhook, delivery or token, depending on the action; null for a
  ///   stack or all webhooks of a stack
  record AuditEventJson(
      String id,
      Instant occurredAt,
      AuditAction action,
      String actor,
      Optional<String> token,
      Optional<String> stack,
      Optional<String> resource,
      Map<String, String> details) {
    static AuditEventJson of(AuditEvent event) {
      return new AuditEventJson(
          event.id().toString(),
          event.occurredAt(),
          event.action(),
          event.actor(),
          event.token().map(TokenId::toString),
          event.stack(),
          event.resource().map(UUID::toString),
          byWireName(event.details()));
    }
  }

  private static Map<String, String> byWireName(Map<AuditDetail, String> details) {
    Map<String, String> result = new LinkedHashMap<>();
    details.forEach((key, value) -> result.put(key.wireName(), value));
    return result;
  }

  public void mount(Routes routes) {
    routes.account(GET, "/audit", Role.ADMIN, this::list);
  }

  private ApiResponse list(ApiRequest request) {
    QueryReader query = request.query();
    TimeRange range = query.findTimeRange();
    AuditFilter filter =
        new AuditFilter(
            request.grant().account(),
            request.grant().stackScope(),
            query.find("actor", AuditRoutes::actor),
            query.find("action", name -> Decoder.enumConstant(AuditAction.class, name)),
            query.find("stack", slug -> new StackId(request.grant().account(), slug).slug()),
            query.find("resource", QueryReader::parseId),
            range.from(),
            range.to());
    return Pagination.respond(query, page -> audit.list(filter, page), AuditEventJson::of);
  }

  private static String actor(String text) {
    if (text.isBlank() || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("must be a name or the id of a token");
    }
    return text;
  }
}
