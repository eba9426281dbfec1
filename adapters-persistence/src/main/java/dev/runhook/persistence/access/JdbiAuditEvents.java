package dev.runhook.persistence.access;

import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.AuditEvents;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.audit.AuditEventId;
import dev.runhook.persistence.jdbi.KeysetPage;
import dev.runhook.persistence.jdbi.SqlText;
import dev.runhook.persistence.jdbi.Timestamps;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

public final class JdbiAuditEvents implements AuditEvents {
  private static final UUID BEYOND_ALL = new UUID(-1, -1);

  private static final String LIST =
      """
      select * from runhook.audit_event
      where account = :account
        and (:everywhere or stack = any (:within))
        and (:actor::text is null or actor = :actor or token_id::text = :actor)
        and (:action::text is null or action = :action)
        and (:stack::text is null or stack = :stack)
        and (:from::timestamptz is null or occurred_at >= :from::timestamptz)
        and (:to::timestamptz is null or occurred_at < :to::timestamptz)
        and id < :after
      order by id desc
      limit :limit
      """;

  private final TransactionScope transactionScope;

  public JdbiAuditEvents(TransactionScope session) {
    this.transactionScope = session;
  }

  @Override
  public void add(AuditEvent entry) {
    transactionScope
        .update(
            """
            insert into runhook.audit_event (id, account, occurred_at, actor, token_id, action, stack, subject_id, detail)
            values (:id, :account, :occurredAt::timestamptz, :actor, :token::uuid, :action, :stack, :subject::uuid, :detail)
            """)
        .bind("id", entry.id().value())
        .bind("account", entry.account().name())
        .bind("occurredAt", Timestamps.format(entry.occurredAt()))
        .bind("actor", SqlText.replaceNul(entry.actor()))
        .bind("token", entry.token().map(TokenId::toString).orElse(null))
        .bind("action", entry.action().name())
        .bind("stack", entry.stack().orElse(null))
        .bind("subject", entry.resource().map(UUID::toString).orElse(null))
        .bind("detail", SqlText.replaceNul(entry.detail()))
        .execute();
  }

  @Override
  public Page<AuditEvent> list(AuditFilter filter, PageRequest page) {
    List<String> within = TokenMapper.stacks(filter.stackScope());
    List<AuditEvent> fetched =
        UnnestParameters.of(within == null ? List.<String>of() : within)
            .texts("within", slug -> slug)
            .bindTo(transactionScope.query(LIST))
            .bind("account", filter.account().name())
            .bind("everywhere", within == null)
            .bind("actor", filter.actor().orElse(null))
            .bind("action", filter.action().map(Enum::name).orElse(null))
            .bind("stack", filter.stack().orElse(null))
            .bind("from", filter.from().map(Timestamps::format).orElse(null))
            .bind("to", filter.to().map(Timestamps::format).orElse(null))
            .bind("after", KeysetPage.after(page).orElse(BEYOND_ALL))
            .bind("limit", page.limit() + 1)
            .map((row, _) -> read(row))
            .list();
    return Page.of(fetched, page, entry -> entry.id().toString());
  }

  private static AuditEvent read(ResultSet row) throws SQLException {
    return new AuditEvent(
        new AuditEventId(row.getObject("id", UUID.class)),
        Timestamps.read(row, "occurred_at"),
        row.getString("actor"),
        Optional.ofNullable(row.getObject("token_id", UUID.class)).map(TokenId::new),
        
            AuditAction.valueOf(row.getString("action")),
            new AccountId(row.getString("account")),
            Optional.ofNullable(row.getString("stack")),
            Optional.ofNullable(row.getObject("subject_id", UUID.class)),
            row.getString("detail"));
  }
}
