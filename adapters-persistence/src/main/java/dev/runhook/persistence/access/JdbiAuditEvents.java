package dev.runhook.persistence.access;

import dev.runhook.application.query.AuditFilter;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.account.AuditEvents;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.audit.AuditEventId;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The table `audit_event`.
public final class JdbiAuditEvents implements AuditEvents {
  private static final String LIST =
      """
      select *,
        array(select e.key from jsonb_each_text(details) e order by e.key) as detail_keys,
        array(select e.value from jsonb_each_text(details) e order by e.key) as detail_values
      from runhook.audit_event
      where account = :account.name
        and (:allStacks or stack = any (:slugs))
        and (:actor::text is null or actor = :actor or token_id::text = :actor)
        and (:action::text is null or action = :action)
        and (:stack::text is null or stack = :stack)
        and (:resource::uuid is null or subject_id = :resource::uuid)
        and (:from::timestamptz is null or occurred_at >= :from::timestamptz)
        and (:to::timestamptz is null or occurred_at < :to::timestamptz)
        and id < :before
      order by id desc limit :limit
      """;

  private static final String INSERT =
      """
      insert into runhook.audit_event (id, account, occurred_at, actor, token_id, action, stack, subject_id, details)
      values (:id.value, :account.name, :occurredAt, :actorName, :tokenId::uuid, :action, :stack, :resource::uuid,
        jsonb_object(:detailKeys, :detailValues))
      """;

  private final TransactionScope transaction;

  public JdbiAuditEvents(TransactionScope transaction) {
    this.transaction = transaction;
  }

  @Override
  public void add(AuditEvent event) {
    UnnestParameters.of(event.details().entrySet())
        .texts("detailKeys", detail -> detail.getKey().wireName())
        .texts("detailValues", detail -> SqlValues.replaceNul(detail.getValue()))
        .bindTo(transaction.update(INSERT))
        .bindMethods(event)
        .bind("actorName", SqlValues.replaceNul(event.actor()))
        .bind("tokenId", event.token().map(TokenId::value).orElse(null))
        .execute();
  }

  @Override
  public Page<AuditEvent> list(AuditFilter filter, PageRequest page) {
    List<AuditEvent> fetched =
        UnnestParameters.bindScope(filter.stackScope(), transaction.query(LIST))
            .bindMethods(filter)
            .bind("before", IdRange.upperBound(page))
            .bind("limit", page.limit() + 1)
            .map((row, ignored) -> read(row))
            .list();
    return Page.of(fetched, page, event -> event.id().toString());
  }

  private static AuditEvent read(ResultSet row) throws SQLException {
    return new AuditEvent(
        new AuditEventId(row.getObject("id", UUID.class)),
        SqlValues.instant(row, "occurred_at"),
        row.getString("actor"),
        Optional.ofNullable(row.getObject("token_id", UUID.class)).map(TokenId::new),
        AuditAction.valueOf(row.getString("action")),
        new AccountId(row.getString("account")),
        Optional.ofNullable(row.getString("stack")),
        Optional.ofNullable(row.getObject("subject_id", UUID.class)),
        readDetails(row));
  }

  /// Skips keys of later versions.
  private static Map<AuditDetail, String> readDetails(ResultSet row) throws SQLException {
    List<String> keys = SqlValues.texts(row, "detail_keys");
    List<String> values = SqlValues.texts(row, "detail_values");
    Map<AuditDetail, String> details = new EnumMap<>(AuditDetail.class);
    for (int i = 0; i < keys.size(); i++) {
      String value = values.get(i);
      AuditDetail.ofWireName(keys.get(i)).ifPresent(key -> details.put(key, value));
    }
    return details;
  }
}
