package dev.runhook.http;

import static io.javalin.http.HandlerType.GET;

import dev.runhook.application.AuditFilter;
import dev.runhook.application.audit.AuditTrail;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEntry;
import dev.runhook.domain.audit.Deed;
import dev.runhook.domain.run.StackId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `/audit`: who did what.
final class AuditRoutes {
  private final AuditTrail audit;

  AuditRoutes(AuditTrail audit) {
    this.audit = audit;
  }

  /// @param token null where none was shown
  /// @param stack null for what is the account's
  /// @param subject the id of a webhook, delivery or token, by the action; null for a stack, or all
  ///   of its webhooks
  record EntryJson(
      String id,
      Instant at,
      AuditAction action,
      String actor,
      @Nullable String token,
      @Nullable String stack,
      @Nullable String subject,
      String detail) {
    static EntryJson of(AuditEntry entry) {
      Deed deed = entry.deed();
      return new EntryJson(
          entry.id().toString(),
          entry.at(),
          deed.action(),
          entry.actor(),
          entry.token().map(TokenId::toString).orElse(null),
          deed.stack().orElse(null),
          deed.subject().map(UUID::toString).orElse(null),
          deed.detail());
    }
  }

  void mount(Routes routes) {
    routes.account(GET, "/audit", Role.ADMIN, this::list);
  }

  private Answer list(Call call) {
    Parameters parameters = call.parameters();
    AuditFilter filter =
        new AuditFilter(
            call.grant().account(),
            call.grant().reach(),
            parameters.find("actor", AuditRoutes::text),
            parameters.find("action", name -> Form.constant(AuditAction.class, name)),
            parameters.find("stack", slug -> new StackId(call.grant().account(), slug).slug()),
            parameters.find("from", Times::readInQuery),
            parameters.find("to", Times::readInQuery));
    return Pages.answer(parameters, page -> audit.list(filter, page), EntryJson::of);
  }

  private static String text(String text) {
    if (text.isBlank() || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("must be a name, or the id of a token");
    }
    return text;
  }
}
