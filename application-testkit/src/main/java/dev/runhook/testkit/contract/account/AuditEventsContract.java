package dev.runhook.testkit.contract.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.AuditFilter;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.audit.AuditEventId;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Requirements for stores of audit events.
@Contract
public interface AuditEventsContract {
  Transactor transactor();

  @Test
  default void an_audit_event_is_stored_unchanged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    AuditEvent complete = event(fixture, "Überwachung", AuditAction.WEBHOOK_DELETED, "demo");
    AuditEvent minimal =
        new AuditEvent(
            new AuditEventId(fixture.newId()),
            fixture.now(),
            "host",
            Optional.empty(),
            AuditAction.TOKEN_REVOKED,
            fixture.account(),
            Optional.empty(),
            Optional.empty(),
            Map.of(AuditDetail.NAME, "a \"name\"", AuditDetail.STACKS, "*"));

    add(fixture, complete, minimal);

    assertThat(all(fixture)).containsExactly(minimal, complete);
  }

  @Test
  default void a_rollback_removes_audit_events() {
    ContractFixture fixture = ContractFixture.on(transactor());
    AuditEvent event = event(fixture, "ops", AuditAction.WEBHOOK_CREATED, "demo");

    try {
      transactor()
          .run(unit -> {
            unit.auditEvents().add(event);
            throw new ArithmeticException("no");
          });
    } catch (ArithmeticException ignored) {
      assertThat(all(fixture)).isEmpty();
      return;
    }
    throw new AssertionError("the transaction returned");
  }

  @Test
  default void pages_of_audit_events_neither_repeat_nor_skip_any() {
    ContractFixture fixture = ContractFixture.on(transactor());
    List<AuditEvent> added = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      added.add(event(fixture, "ops", AuditAction.WEBHOOK_PINGED, "demo"));
    }
    added.forEach(event -> add(fixture, event));

    List<AuditEvent> seen = new ArrayList<>();
    PageRequest request = new PageRequest(3, Optional.empty());
    Optional<String> next;
    do {
      PageRequest now = request;
      Page<AuditEvent> page =
          fixture.inTransaction(
              unit -> unit.auditEvents().list(AuditFilter.of(fixture.account(), new All()), now));
      seen.addAll(page.items());
      next = page.next();
      request = next.map(now::withAfter).orElse(now);
      add(fixture, event(fixture, "late", AuditAction.WEBHOOK_PINGED, "demo"));
    } while (next.isPresent());

    assertThat(seen).containsExactlyElementsOf(added.reversed());
  }

  @Test
  default void every_audit_filter_selects_its_matches() {
    ContractFixture fixture = ContractFixture.on(transactor());
    AuditEvent one = event(fixture, "ops", AuditAction.WEBHOOK_CREATED, "demo");
    AuditEvent other = event(fixture, "ci", AuditAction.SECRET_READ, "net");
    AuditEvent none =
        new AuditEvent(
            new AuditEventId(fixture.newId()),
            one.occurredAt().plusSeconds(60),
            "ops",
            Optional.empty(),
            AuditAction.TOKEN_CREATED,
            fixture.account(),
            Optional.empty(),
            Optional.empty(),
            Map.of());
    add(fixture, one, other, none);
    AuditEvent foreign =
        event(ContractFixture.on(transactor()), "ops", AuditAction.SECRET_READ, "demo");
    add(fixture, foreign);
    Optional<String> any = Optional.empty();
    Instant later = one.occurredAt().plusSeconds(60);

    assertThat(all(fixture)).containsExactly(none, other, one);
    assertThat(some(fixture, Optional.of("ops"), Optional.empty(), any)).containsExactly(none, one);
    assertThat(some(fixture, Optional.of(token(other)), Optional.empty(), any))
        .containsExactly(other);
    assertThat(some(fixture, any, Optional.of(AuditAction.SECRET_READ), any))
        .containsExactly(other);
    assertThat(some(fixture, any, Optional.empty(), Optional.of("demo"))).containsExactly(one);
    assertThat(about(fixture, one.resource().orElseThrow())).containsExactly(one);
    assertThat(about(fixture, foreign.resource().orElseThrow())).isEmpty();
    assertThat(between(fixture, Optional.of(later), Optional.empty())).containsExactly(none);
    assertThat(between(fixture, Optional.empty(), Optional.of(later))).containsExactly(other, one);
  }

  @Test
  default void audit_events_are_limited_to_the_stack_scope() {
    ContractFixture fixture = ContractFixture.on(transactor());
    AuditEvent own = event(fixture, "ops", AuditAction.WEBHOOK_CREATED, "demo");
    AuditEvent other = event(fixture, "ops", AuditAction.WEBHOOK_CREATED, "net");
    AuditEvent none =
        new AuditEvent(
            new AuditEventId(fixture.newId()),
            fixture.now(),
            "ops",
            Optional.empty(),
            AuditAction.TOKEN_CREATED,
            fixture.account(),
            Optional.empty(),
            Optional.empty(),
            Map.of());
    add(fixture, own, other, none);

    List<AuditEvent> seen =
        fixture
            .inTransaction(unit ->
                unit.auditEvents()
                    .list(
                        AuditFilter.of(fixture.account(), new Only(Set.of("demo", "gone"))),
                        PageRequest.first()))
            .items();

    assertThat(seen).containsExactly(own);
  }

  private static String token(AuditEvent event) {
    return event.token().orElseThrow().toString();
  }

  private static AuditEvent event(
      ContractFixture fixture, String actor, AuditAction action, String stack) {
    return new AuditEvent(
        new AuditEventId(fixture.newId()),
        fixture.now(),
        actor,
        Optional.of(new TokenId(UUID.nameUUIDFromBytes(new byte[] {(byte) actor.length()}))),
        action,
        fixture.account(),
        Optional.of(stack),
        Optional.of(fixture.newId()),
        Map.of(AuditDetail.CHANGED, "endpoint,name"));
  }

  private static void add(ContractFixture fixture, AuditEvent... entries) {
    fixture.inTransaction(unit -> {
      List.of(entries).forEach(unit.auditEvents()::add);
      return entries.length;
    });
  }

  private static List<AuditEvent> all(ContractFixture fixture) {
    return some(fixture, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static List<AuditEvent> some(
      ContractFixture fixture,
      Optional<String> actor,
      Optional<AuditAction> action,
      Optional<String> stack) {
    return found(
        fixture,
        new AuditFilter(
            fixture.account(),
            new All(),
            actor,
            action,
            stack,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private static List<AuditEvent> between(
      ContractFixture fixture, Optional<Instant> from, Optional<Instant> to) {
    return found(
        fixture,
        new AuditFilter(
            fixture.account(),
            new All(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            from,
            to));
  }

  private static List<AuditEvent> about(ContractFixture fixture, UUID resource) {
    return found(
        fixture,
        new AuditFilter(
            fixture.account(),
            new All(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(resource),
            Optional.empty(),
            Optional.empty()));
  }

  private static List<AuditEvent> found(ContractFixture fixture, AuditFilter filter) {
    return fixture
        .inTransaction(unit -> unit.auditEvents().list(filter, PageRequest.first()))
        .items();
  }
}
