package dev.runhook.persistence;

import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.AuditLog;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEntry;
import dev.runhook.domain.audit.AuditId;
import dev.runhook.domain.audit.Deed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

final class JdbiAuditLog implements AuditLog {
  private static final UUID BEYOND_ALL = new UUID(-1, -1);

  private static final String LIST =
      """
      select * from runhook.audit
      where account = :account
        and (:everywhere or stack = any (:within))
        and (:actor::text is null or actor = :actor or token_id::text = :actor)
        and (:action::text is null or action = :action)
        and (:stack::text is null or stack = :stack)
        and (:from::timestamptz is null or at >= :from::timestamptz)
        and (:to::timestamptz is null or at < :to::timestamptz)
        and id < :after
      order by id desc
      limit :limit
      """;

  private final Session session;

  JdbiAuditLog(Session session) {
    this.session = session;
  }

  @Override
  public void add(AuditEntry entry) {
    Deed deed = entry.deed();
    session
        .update(
            """
            insert into runhook.audit (id, account, at, actor, token_id, action, stack, subject_id, detail)
            values (:id, :account, :at::timestamptz, :actor, :token::uuid, :action, :stack, :subject::uuid, :detail)
            """)
        .bind("id", entry.id().value())
        .bind("account", deed.account().name())
        .bind("at", Moments.text(entry.at()))
        .bind("actor", Texts.fit(entry.actor()))
        .bind("token", entry.token().map(TokenId::toString).orElse(null))
        .bind("action", deed.action().name())
        .bind("stack", deed.stack().orElse(null))
        .bind("subject", deed.subject().map(UUID::toString).orElse(null))
        .bind("detail", Texts.fit(deed.detail()))
        .execute();
  }

  @Override
  public Page<AuditEntry> list(AuditFilter filter, PageRequest page) {
    List<String> within = TokenRows.stacks(filter.within());
    List<AuditEntry> fetched =
        Columns.of(within == null ? List.<String>of() : within)
            .texts("within", slug -> slug)
            .bindTo(session.query(LIST))
            .bind("account", filter.account().name())
            .bind("everywhere", within == null)
            .bind("actor", filter.actor().orElse(null))
            .bind("action", filter.action().map(Enum::name).orElse(null))
            .bind("stack", filter.stack().orElse(null))
            .bind("from", filter.from().map(Moments::text).orElse(null))
            .bind("to", filter.to().map(Moments::text).orElse(null))
            .bind("after", Rows.after(page).orElse(BEYOND_ALL))
            .bind("limit", page.limit() + 1)
            .map((row, _) -> read(row))
            .list();
    return Page.of(fetched, page, entry -> entry.id().toString());
  }

  private static AuditEntry read(ResultSet row) throws SQLException {
    return new AuditEntry(
        new AuditId(row.getObject("id", UUID.class)),
        Moments.read(row, "at"),
        row.getString("actor"),
        Optional.ofNullable(row.getObject("token_id", UUID.class)).map(TokenId::new),
        new Deed(
            AuditAction.valueOf(row.getString("action")),
            new AccountId(row.getString("account")),
            Optional.ofNullable(row.getString("stack")),
            Optional.ofNullable(row.getObject("subject_id", UUID.class)),
            row.getString("detail")));
  }
}
