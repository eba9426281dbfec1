package dev.runhook.testkit.faulty;

import static java.util.Objects.requireNonNull;

import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.Page;
import dev.runhook.application.spi.AccountWebhooks;
import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.Events.ErasureProgress;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.Stacks;
import dev.runhook.application.spi.StatsQueries;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.application.spi.account.AuditEvents;
import dev.runhook.application.spi.account.IdempotencyKeys;
import dev.runhook.application.spi.account.Sessions;
import dev.runhook.application.spi.account.Tokens;
import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Deliveries.CompletionResult;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.spi.delivery.SlotLimits;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.OperationalEvent.AffectedWebhook;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import dev.runhook.testkit.postgres.TemplateDatabase;
import dev.runhook.testkit.postgres.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Adapters with one typical fault each.
final class FaultyAdapters {
  private static final TestDatabase POSTGRES =
      TemplateDatabase.migrated(empty -> new Schema(empty).migrate()).copy();

  private FaultyAdapters() {}

  private static Transactor faultyPostgres(
      Class<?> port, String method, FaultyTransactor.Replacement replacement) {
    return new FaultyTransactor(new JdbiTransactor(POSTGRES.pool()), port, method, replacement);
  }

  /// Commits the changes of work that throws.
  static final class CommitsPartially implements Transactor {
    private final InMemoryTransactor correct = new InMemoryTransactor(SettableClock.atNoon());

    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      List<RuntimeException> thrown = new ArrayList<>();
      List<T> results = new ArrayList<>();
      correct.run(unit -> {
        try {
          results.add(work.apply(unit));
        } catch (RuntimeException e) {
          thrown.add(e);
        }
      });
      if (!thrown.isEmpty()) {
        throw thrown.getFirst();
      }
      return results.getFirst();
    }
  }

  static Transactor everyStackIsNew() {
    return alwaysReportingSuccess(Stacks.class, "save");
  }

  static Transactor deletedStacksStay() {
    return new FaultyTransactor(Stacks.class, "delete", ignored -> true);
  }

  static Transactor historyOfDeletedStacksStays() {
    return faultyPostgres(Stacks.class, "delete", ignored -> true);
  }

  static Transactor activityIsUnknown() {
    return faultyPostgres(StatsQueries.class, "activity", ignored -> Map.of());
  }

  static Transactor transitionsAreNotFound() {
    return new FaultyTransactor(Runs.class, "findTransitions", ignored -> Map.of());
  }

  /// Stores payloads in a text column.
  static Transactor payloadsAreDecodedAsText() {
    return new FaultyTransactor(
        Deliveries.class,
        "claimDue",
        invocation -> {
          List<LeasedDelivery> correct =
              invocation
                  .target(Deliveries.class)
                  .claimDue(invocation.argument(0, ClaimRequest.class));
          return correct.stream().map(FaultyAdapters::throughText).toList();
        });
  }

  private static LeasedDelivery throughText(LeasedDelivery leased) {
    DeliveryContent content = leased.content();
    Payload decoded = Payload.of(content.payload().text());
    return new LeasedDelivery(
        leased.lease(),
        leased.webhook(),
        new DeliveryContent(
            content.event(),
            content.kind(),
            content.transition(),
            decoded,
            content.redeliveryOf(),
            content.trace()));
  }

  static Transactor everyEndpointIsNew() {
    return alwaysReportingSuccess(Webhooks.class, "add");
  }

  static Transactor webhooksOfStacksAreNotFound() {
    return new FaultyTransactor(Webhooks.class, "findByStacks", ignored -> Map.of());
  }

  static Transactor deletingAlwaysReportsSuccess() {
    return alwaysReportingSuccess(Webhooks.class, "delete");
  }

  private static Transactor alwaysReportingSuccess(Class<?> port, String method) {
    return new FaultyTransactor(
        port,
        method,
        invocation -> {
          invocation.proceed();
          return true;
        });
  }

  static Transactor deletedAccountWebhooksStay() {
    return new FaultyTransactor(AccountWebhooks.class, "removeDeleted", ignored -> null);
  }

  static Transactor savingHealthSavesEverything() {
    return new FaultyTransactor(
        Webhooks.class,
        "saveHealth",
        invocation -> {
          for (Object webhook : invocation.argument(0, Collection.class)) {
            invocation.target(Webhooks.class).save((Webhook) webhook);
          }
          return null;
        });
  }

  static Transactor revokedTokensStayActive() {
    return faultyPostgres(Tokens.class, "revoke", ignored -> null);
  }

  static Transactor sessionsNeverEnd() {
    return faultyPostgres(Sessions.class, "end", ignored -> null);
  }

  static Transactor lanesNeverAdvance() {
    return new FaultyTransactor(Deliveries.class, "promoteNext", ignored -> List.of());
  }

  /// Takes each operational event for one about another webhook.
  static Transactor operationalEventsHaveNoLane() {
    return new FaultyTransactor(
        UnitOfWork.class,
        "append",
        invocation -> {
          JournalEntry all = invocation.argument(0, JournalEntry.class);
          return invocation
              .target(UnitOfWork.class)
              .append(
                  new JournalEntry(
                      all.runs(),
                      all.events().stream().map(FaultyAdapters::aboutAnother).toList(),
                      all.skipped(),
                      all.deliveries()),
                  invocation.argument(1, Duration.class));
        });
  }

  private static RenderedEvent aboutAnother(RenderedEvent rendered) {
    return rendered.event() instanceof OperationalEvent event
        ? new RenderedEvent(
            new OperationalEvent(
                event.id(),
                event.stack(),
                event.occurredAt(),
                new AffectedWebhook(UUID.randomUUID().toString(), "", event.webhook().endpoint()),
                event.details()),
            rendered.payload())
        : rendered;
  }

  /// Releases each claimed delivery immediately, so that other callers get it as well.
  static Transactor claimsAreNotStored() {
    return new FaultyTransactor(
        Deliveries.class,
        "claimDue",
        invocation -> {
          List<LeasedDelivery> claimed =
              invocation
                  .target(Deliveries.class)
                  .claimDue(invocation.argument(0, ClaimRequest.class));
          invocation.target(Deliveries.class).release(leasesOf(claimed));
          return claimed;
        });
  }

  private static List<Lease> leasesOf(List<LeasedDelivery> deliveries) {
    return deliveries.stream().map(LeasedDelivery::lease).toList();
  }

  static Transactor limitsPerWebhookAreIgnored() {
    return claimingWith(requested -> ClaimRequest.of(requested.leaseDuration(), requested.slots()));
  }

  static Transactor lengthsOfPayloadsAreIgnored() {
    return claimingWith(requested ->
        new ClaimRequest(
            requested.leaseDuration(),
            requested.slots(),
            new SlotLimits(
                requested.limits().total(), requested.limits().perWebhook(), Long.MAX_VALUE),
            requested.room(),
            requested.rooms(),
            requested.heldByWebhook()));
  }

  private static Transactor claimingWith(UnaryOperator<ClaimRequest> change) {
    return new FaultyTransactor(
        Deliveries.class,
        "claimDue",
        invocation ->
            invocation
                .target(Deliveries.class)
                .claimDue(change.apply(invocation.argument(0, ClaimRequest.class))));
  }

  static Transactor everyCompletionIsApplied() {
    return new FaultyTransactor(
        Deliveries.class,
        "complete",
        invocation -> {
          List<CompletedAttempt> requested = attemptsIn(invocation.argument(0, Collection.class));
          CompletionResult correct = invocation.target(Deliveries.class).complete(requested);
          Set<Lease> all =
              requested.stream().map(CompletedAttempt::lease).collect(Collectors.toSet());
          return new CompletionResult(all, correct.busy(), correct.unblockedLanes());
        });
  }

  private static List<CompletedAttempt> attemptsIn(Collection<?> attempts) {
    return attempts.stream().map(CompletedAttempt.class::cast).toList();
  }

  static Transactor nextDueIsUnknown() {
    return new FaultyTransactor(Deliveries.class, "timeUntilNextDue", ignored -> Optional.empty());
  }

  static Transactor oldestIsListedFirst(Class<?> store) {
    return faultyPostgres(
        store,
        "list",
        invocation -> {
          Page<?> correct = (Page<?>) requireNonNull(invocation.proceed());
          return new Page<>(
              correct.items().reversed(), correct.cursors().reversed(), correct.next());
        });
  }

  static Transactor deliveriesAreNotFound() {
    return new FaultyTransactor(Deliveries.class, "find", ignored -> Optional.empty());
  }

  static Transactor auditEventsAreNotStored() {
    return faultyPostgres(AuditEvents.class, "add", ignored -> null);
  }

  static Transactor formatErrorsAreNotStored() {
    return new FaultyTransactor(Webhooks.class, "saveFormatErrors", ignored -> null);
  }

  static Transactor payloadsAreNeverErased() {
    return new FaultyTransactor(Events.class, "erasePayloads", ignored -> ErasureProgress.none());
  }

  static Transactor lastNotifiedVersionsAreNotStored() {
    return new FaultyTransactor(
        UnitOfWork.class,
        "append",
        invocation -> {
          JournalEntry all = invocation.argument(0, JournalEntry.class);
          UnitOfWork unit = invocation.target(UnitOfWork.class);
          unit.append(JournalEntries.ofRuns(all.runs()), Duration.ZERO);
          return unit.append(
              new JournalEntry(List.of(), all.events(), all.skipped(), all.deliveries()),
              invocation.argument(1, Duration.class));
        });
  }

  static Transactor skipReasonsAreNotStored() {
    return new FaultyTransactor(
        UnitOfWork.class,
        "append",
        invocation -> {
          JournalEntry all = invocation.argument(0, JournalEntry.class);
          return invocation
              .target(UnitOfWork.class)
              .append(
                  new JournalEntry(all.runs(), all.events(), List.of(), all.deliveries()),
                  invocation.argument(1, Duration.class));
        });
  }

  static Transactor responsesAreNotStored() {
    return faultyPostgres(IdempotencyKeys.class, "storeResponse", ignored -> null);
  }

  static Transactor openDeliveriesAreNotSeen() {
    return faultyPostgres(Deliveries.class, "findRedelivered", ignored -> Set.of());
  }

  /// Counts all deliveries.
  static Transactor statsIgnoreTheLimit() {
    return faultyPostgres(
        StatsQueries.class,
        "deliveryStats",
        invocation ->
            invocation
                .target(StatsQueries.class)
                .deliveryStats(
                    invocation.argument(0, WebhookId.class),
                    invocation.argument(1, DeliveryStats.Window.class),
                    1_000_000));
  }

  /// Generates UUIDs of version 4.
  static final class RandomIdGenerator implements IdGenerator {
    @Override
    public UUID next() {
      return UUID.randomUUID();
    }

    @Override
    public String nextRunName() {
      return next().toString();
    }
  }

  /// Includes the number of rendered events.
  static final class NondeterministicRenderer implements PayloadRenderer {
    private final AtomicInteger rendered = new AtomicInteger();

    @Override
    public Payload render(Event event) {
      return Payload.of(
          "{\"number\":" + rendered.incrementAndGet() + ",\"event\":\"" + event + "\"}");
    }
  }

  static DispatchObserver throwingObserver() {
    return new DispatchObserver() {
      @Override
      public void onError(String operation, Throwable failure) {
        throw new IllegalStateException("the metrics are not reachable");
      }
    };
  }

  /// Takes more than a second for each call.
  static DispatchObserver slowObserver() {
    return new DispatchObserver() {
      @Override
      public void onError(String operation, Throwable failure) {
        LockSupport.parkNanos(Duration.ofMillis(1_200).toNanos());
      }
    };
  }
}
