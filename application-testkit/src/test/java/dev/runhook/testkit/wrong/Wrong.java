package dev.runhook.testkit.wrong;

import static java.util.Objects.requireNonNull;

import dev.runhook.application.Page;
import dev.runhook.application.Pulse;
import dev.runhook.application.spi.AuditLog;
import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.Deliveries;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Erased;
import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.Glances;
import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Redeliveries;
import dev.runhook.application.spi.Requests;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.Sessions;
import dev.runhook.application.spi.Settled;
import dev.runhook.application.spi.Settlement;
import dev.runhook.application.spi.Stacks;
import dev.runhook.application.spi.Tokens;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.InMemoryTransactor;
import dev.runhook.testkit.SettableClock;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Adapters with one mistake each, such as are easily made.
final class Wrong {
  private Wrong() {}

  /// Commits what was done before the work threw.
  static final class KeepsHalves implements Transactor {
    private final InMemoryTransactor right = new InMemoryTransactor(SettableClock.atNoon());

    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      List<RuntimeException> thrown = new ArrayList<>();
      List<T> results = new ArrayList<>();
      right.run(unit -> {
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
    return new Tampered(
        Stacks.class,
        "save",
        call -> {
          call.asAsked();
          return true;
        });
  }

  static Transactor transitionsAreForgotten() {
    return new Tampered(Runs.class, "findTransition", _ -> Optional.empty());
  }

  /// The bytes go through a text column.
  static Transactor payloadsAreText() {
    return new Tampered(
        Deliveries.class,
        "claimDue",
        call -> {
          List<Parcel> right = call.on(Deliveries.class).claimDue(call.argument(0, Claim.class));
          return right.stream().map(Wrong::throughText).toList();
        });
  }

  private static Parcel throughText(Parcel parcel) {
    Letter letter = parcel.letter();
    Payload read = Payload.of(letter.payload().text());
    return new Parcel(
        parcel.lease(),
        parcel.webhook(),
        new Letter(
            letter.event(),
            letter.kind(),
            letter.move(),
            read,
            letter.redeliveryOf(),
            letter.trace()));
  }

  static Transactor whateverIsDeletedWasThere() {
    return new Tampered(
        Webhooks.class,
        "delete",
        call -> {
          call.asAsked();
          return true;
        });
  }

  static Transactor judgingSavesEverything() {
    return new Tampered(
        Webhooks.class,
        "saveHealth",
        call -> {
          for (Object webhook : call.argument(0, Collection.class)) {
            call.on(Webhooks.class).save((Webhook) webhook);
          }
          return null;
        });
  }

  static Transactor revokedTokensStayInForce() {
    return new Tampered(Tokens.class, "revoke", _ -> null);
  }

  static Transactor sessionsGoOnForEver() {
    return new Tampered(Sessions.class, "end", _ -> null);
  }

  static Transactor lanesStandStill() {
    return new Tampered(Deliveries.class, "freeNext", _ -> List.of());
  }

  /// Everybody gets everything.
  static Transactor claimsAreNotKept() {
    return new Tampered(
        Deliveries.class,
        "claimDue",
        call -> {
          List<Parcel> taken = call.on(Deliveries.class).claimDue(call.argument(0, Claim.class));
          call.on(Deliveries.class).release(leasesOf(taken));
          return taken;
        });
  }

  private static List<Lease> leasesOf(List<Parcel> parcels) {
    return parcels.stream().map(Parcel::lease).toList();
  }

  static Transactor capsAreIgnored() {
    return new Tampered(
        Deliveries.class,
        "claimDue",
        call -> {
          Claim asked = call.argument(0, Claim.class);
          return call.on(Deliveries.class)
              .claimDue(new Claim(asked.lease(), asked.limit(), 1_000, Map.of()));
        });
  }

  static Transactor everySettlementIsApplied() {
    return new Tampered(
        Deliveries.class,
        "settle",
        call -> {
          List<Settlement> asked = settlementsIn(call.argument(0, Collection.class));
          Settled right = call.on(Deliveries.class).settle(asked);
          Set<DeliveryId> all =
              asked.stream().map(each -> each.lease().delivery()).collect(Collectors.toSet());
          return new Settled(all, right.freed());
        });
  }

  private static List<Settlement> settlementsIn(Collection<?> settlements) {
    return settlements.stream().map(Settlement.class::cast).toList();
  }

  static Transactor nobodyKnowsWhenToComeBack() {
    return new Tampered(Deliveries.class, "untilNextDue", _ -> Optional.empty());
  }

  static Transactor theOldestDeliveryIsListedFirst() {
    return new Tampered(
        Deliveries.class,
        "list",
        call -> {
          Page<?> right = (Page<?>) requireNonNull(call.asAsked());
          return new Page<>(List.copyOf(right.items().reversed()), right.next());
        });
  }

  static Transactor deliveriesAreNotFound() {
    return new Tampered(Deliveries.class, "find", _ -> Optional.empty());
  }

  static Transactor deedsAreNotKept() {
    return new Tampered(AuditLog.class, "add", _ -> null);
  }

  static Transactor payloadsAreKeptForEver() {
    return new Tampered(Events.class, "erase", _ -> Erased.nothing());
  }

  static Transactor whatWasToldIsNotKept() {
    return new Tampered(
        Runs.class,
        "save",
        call -> {
          Collection<?> runs = call.argument(0, Collection.class);
          call.on(Runs.class).save(runs.stream().map(Run.class::cast).toList(), List.of());
          return null;
        });
  }

  static Transactor repliesAreNotKept() {
    return new Tampered(Requests.class, "keepReply", _ -> null);
  }

  static Transactor whatIsUnderWayIsNotSeen() {
    return new Tampered(Redeliveries.class, "open", _ -> Set.of());
  }

  /// Counts all, however many there are.
  static Transactor pulsesAreTakenToTheEnd() {
    return new Tampered(
        Glances.class,
        "pulse",
        call ->
            call.on(Glances.class)
                .pulse(
                    call.argument(0, WebhookId.class),
                    call.argument(1, Pulse.Span.class),
                    1_000_000));
  }

  /// Random ones, of version 4.
  static final class RandomIds implements IdSource {
    @Override
    public UUID next() {
      return UUID.randomUUID();
    }

    @Override
    public String nextRunName() {
      return next().toString();
    }
  }

  /// Says how many it has rendered.
  static final class CountingRenderer implements PayloadRenderer {
    private final AtomicInteger rendered = new AtomicInteger();

    @Override
    public Payload render(Event event) {
      return Payload.of(
          "{\"number\":" + rendered.incrementAndGet() + ",\"event\":\"" + event + "\"}");
    }
  }

  static DispatchObserver observerThatThrows() {
    return new DispatchObserver() {
      @Override
      public void troubled(String doing, Throwable failure) {
        throw new IllegalStateException("the metrics are not reachable");
      }
    };
  }

  /// Asks somebody far away each time.
  static DispatchObserver observerThatDawdles() {
    return new DispatchObserver() {
      @Override
      public void troubled(String doing, Throwable failure) {
        LockSupport.parkNanos(Duration.ofMillis(1_200).toNanos());
      }
    };
  }
}
