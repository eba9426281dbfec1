package dev.runhook.simulation;

import static java.util.Objects.requireNonNull;

import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Deliveries.CompletionResult;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What must be true of every world. It follows all commits and requests with a simple model of its
/// own, and says what differs from it.
final class Checks {
  private static final List<RunState> UNFINISHED =
      Stream.of(RunState.values()).filter(state -> !state.isTerminal()).toList();
  private static final WebhookSigner SIGNER = new WebhookSigner(false);

  private final World world;
  private final Map<DeliveryId, Row> rows = new LinkedHashMap<>();
  private final Map<Object, TreeMap<Long, Row>> lanes = new HashMap<>();
  private final Map<WebhookId, Known> webhooks = new LinkedHashMap<>();
  private final Set<Object> transitions = new HashSet<>();
  private final Map<EventId, Payload> payloads = new HashMap<>();
  private final Map<EventId, OperationalEvent> operational = new HashMap<>();
  private long added;
  private int open;

  Checks(World world) {
    this.world = world;
  }

  /// A version of a run.
  private record Version(RunId run, long number) {}

  /// The lane of a webhook.
  ///
  /// @param subject a run, or the id of the webhook that operational events are about
  private record Lane(WebhookId webhook, Object subject) {}

  /// The latest committed state of a webhook.
  private static final class Known {
    @Nullable Webhook webhook;
    long settingsSince;
    long activeSince;
  }

  /// A delivery.
  private static final class Row {
    final DeliveryId id;
    final NewDelivery added;
    final @Nullable Lane lane;
    final long order;
    boolean isOpen = true;
    int attempt;
    @Nullable Lease lease;
    @Nullable Webhook leasedTo;
    @Nullable NodeProcess holder;
    Instant leasedUntil = Instant.EPOCH;

    /// By the number of the attempt.
    final Map<Integer, Long> leasedAt = new HashMap<>();

    long acceptedAt;
    final Set<Integer> acceptedAttempts = new HashSet<>();

    /// Whether its webhook is deleted. Then it ends, unless another transaction has locked it.
    boolean isGone;

    Row(NewDelivery added, @Nullable Lane lane, long order) {
      this.id = added.id();
      this.added = added;
      this.lane = lane;
      this.order = order;
    }

    /// Returns when an attempt was last leased; the latest time if it never was.
    long leasedAt(int number) {
      return leasedAt.getOrDefault(number, Long.MAX_VALUE);
    }

    @Override
    public String toString() {
      return "delivery %s of %s"
          .formatted(
              id,
              added
                  .content()
                  .transition()
                  .map(ref -> ref.run() + "/" + ref.version())
                  .orElse(added.content().kind().wireName()));
    }
  }

  /// The state of all deliveries, without names and times.
  Object state() {
    return rows.values().stream()
        .map(row ->
            List.of(
                row.isOpen,
                row.attempt,
                row.acceptedAttempts.size(),
                row.holder == null ? "" : row.holder.toString()))
        .toList();
  }

  boolean hasOpenDeliveries() {
    return open > 0;
  }

  /// What [Database] reports; it takes effect with the commit.
  void onAppend(
      Database.Transaction transaction,
      JournalEntry entry,
      List<LeasedDelivery> leased,
      Duration lease) {
    Set<DeliveryId> leasedIds =
        leased.stream().map(each -> each.lease().delivery()).collect(Collectors.toSet());
    if (!entry.deliveries().isEmpty()) {
      transaction.arrows.add(
          leased.size() < entry.deliveries().size() ? Arrow.RECORD_WAITING : Arrow.RECORD_LEASED);
    }
    transaction.onCommit(() -> {
      entry.events().forEach(rendered -> addEvent(transaction, entry, rendered));
      entry.deliveries().stream()
          .sorted((a, b) -> Long.compare(version(a), version(b)))
          .forEach(each -> add(each));
      for (NewDelivery each : entry.deliveries()) {
        if (leasedIds.contains(each.id()) && !each.leaseIfHead()) {
          throw world.fail("leased without a slot", "" + rows.get(each.id()));
        }
      }
      leased.forEach(each -> lease(transaction, each, lease));
    });
  }

  private static long version(NewDelivery added) {
    return added.content().transition().map(ref -> ref.version()).orElse(0L);
  }

  private void addEvent(
      Database.Transaction transaction, JournalEntry entry, RenderedEvent rendered) {
    Event event = rendered.event();
    payloads.put(event.id(), rendered.payload());
    if (event instanceof OperationalEvent about) {
      operational.put(event.id(), about);
    }
    if (event instanceof RunStateChanged change) {
      world.stats().onTransition();
      Version version = new Version(change.run().id(), change.transition().version());
      if (!transitions.add(version)) {
        throw world.fail("recorded twice", version.toString());
      }
      Set<WebhookId> receivers =
          entry.deliveries().stream()
              .filter(each -> each.content().event().equals(event.id()))
              .map(each -> each.webhook().id())
              .collect(Collectors.toSet());
      for (Map.Entry<WebhookId, Known> each : webhooks.entrySet()) {
        Known known = each.getValue();
        if (isWanted(known, change, transaction) && !receivers.contains(each.getKey())) {
          throw world.fail("no delivery", version + " has none to webhook " + each.getKey());
        }
        if (known.webhook != null
            && !known.webhook.isEnabled()
            && known.activeSince < transaction.begunAt
            && receivers.contains(each.getKey())) {
          throw world.fail("disabled webhook", version + " has a delivery to " + each.getKey());
        }
      }
    }
  }

  private static boolean isWanted(
      Known known, RunStateChanged change, Database.Transaction transaction) {
    return known.webhook != null
        && known.webhook.stack().equals(change.stack().id())
        && known.webhook.isEnabled()
        && known.activeSince < transaction.begunAt
        && known.settingsSince < transaction.begunAt
        && known.webhook.settings().subscription().explainSkip(change).isEmpty();
  }

  private void add(NewDelivery delivery) {
    WebhookId webhook = delivery.webhook().id();
    Lane lane =
        delivery
            .run()
            .map(run -> new Lane(webhook, run))
            .or(() ->
                Optional.ofNullable(operational.get(delivery.content().event()))
                    .map(event -> new Lane(webhook, event.webhook().id())))
            .orElse(null);
    added++;
    long order = (version(delivery) << 24) + added;
    Row row = new Row(delivery, lane, order);
    if (rows.put(row.id, row) != null) {
      throw world.fail("added twice", row.toString());
    }
    open++;
    if (lane != null) {
      lanes.computeIfAbsent(lane, ignored -> new TreeMap<>()).put(order, row);
    }
    Known known = webhooks.get(webhook);
    if (known == null || known.webhook == null) {
      drop(row);
    }
  }

  private void lease(Database.Transaction transaction, LeasedDelivery leased, Duration minimum) {
    Row row = rows.get(leased.lease().delivery());
    Webhook webhook = leased.webhook();
    if (row == null) {
      return; // its stack was deleted
    }
    requireCurrent(transaction, row, webhook);
    if (row.isGone) {
      return;
    }
    Instant now = world.database().now();
    if (!row.isOpen) {
      throw world.fail("leased after its end", row.toString());
    }
    long start = Math.min(row.leasedAt(row.attempt), transaction.begunAt);
    if (row.lease != null && row.leasedUntil.isAfter(now) && !isDisturbedSince(start)) {
      throw world.fail("leased twice", row + " to " + row.holder + " and " + transaction.process);
    }
    if (leased.lease().attempt() != row.attempt + 1) {
      throw world.fail("attempt number", row + ": " + leased.lease() + " after " + row.attempt);
    }
    requireHead(row, "leased");
    if (!leased.content().payload().equals(payloadOf(leased.content().event()))) {
      throw world.fail("payload", row + " has another payload than its event");
    }
    row.attempt = leased.lease().attempt();
    row.lease = leased.lease();
    row.leasedTo = webhook;
    row.holder = transaction.process;
    row.leasedAt.put(row.attempt, transaction.begunAt);
    row.leasedUntil = now.plus(Lease.durationFor(webhook, minimum));
  }

  private Payload payloadOf(EventId event) {
    return requireNonNull(payloads.get(event));
  }

  private SequencedMap<Long, Row> laneOf(Lane lane) {
    return requireNonNull(lanes.get(lane));
  }

  private void requireHead(Row row, String what) {
    if (row.lane != null) {
      Row head = laneOf(row.lane).firstEntry().getValue();
      if (head != row) {
        throw world.fail("order", row + " is " + what + " before " + head);
      }
    }
  }

  /// A transaction that begins after a change has returned must see it.
  private void requireCurrent(Database.Transaction transaction, Row row, Webhook webhook) {
    Known known = webhooks.get(webhook.id());
    if (known == null || known.settingsSince >= transaction.begunAt) {
      return;
    }
    if (known.webhook == null) {
      throw world.fail("deleted webhook", row + " is leased");
    }
    Webhook settings = known.webhook;
    if (!webhook.settings().equals(settings.settings())
        || !webhook.keys().current().equals(settings.keys().current())) {
      throw world.fail("old settings", row + " is leased with " + webhook.settings());
    }
    if (known.activeSince < transaction.begunAt
        && settings.health() instanceof Health.Disabled
        && webhook.health() instanceof Health.Active) {
      throw world.fail("disabled webhook", row + " is leased");
    }
  }

  /// What [Database] reports about other calls of its stores.
  void onCall(
      Database.Transaction transaction,
      String method,
      Object[] arguments,
      @Nullable Object result) {
    switch (method) {
      case "claimDue" -> {
        List<LeasedDelivery> claimed = leasedIn(result);
        for (LeasedDelivery each : claimed) {
          transaction.arrows.add(
              isLeased(each.lease().delivery()) ? Arrow.CLAIM_EXPIRED : Arrow.CLAIM);
        }
        transaction.onCommit(
            () -> claimed.forEach(each -> lease(transaction, each, Database.leaseOf(arguments))));
      }
      case "promoteNext" -> {
        List<LeasedDelivery> promoted = leasedIn(result);
        transaction.arrows.add(Arrow.PROMOTE);
        transaction.onCommit(
            () -> promoted.forEach(each -> lease(transaction, each, (Duration) arguments[2])));
      }
      case "complete" -> {
        CompletionResult completed = (CompletionResult) requireNonNull(result);
        for (Object each : (Collection<?>) arguments[0]) {
          CompletedAttempt attempt = (CompletedAttempt) each;
          if (completed.applied().contains(attempt.lease())) {
            transaction.arrows.add(arrow(attempt.disposition()));
            transaction.onCommit(() -> complete(attempt));
          }
        }
      }
      case "release" -> {
        transaction.arrows.add(Arrow.RELEASE);
        for (Object lease : (Collection<?>) arguments[0]) {
          transaction.onCommit(() -> release((Lease) lease));
        }
      }
      case "cancel" -> {
        transaction.arrows.add(Arrow.CANCEL);
        transaction.onCommit(
            () -> ((Set<?>) requireNonNull(result)).forEach(id -> end(rows.get(id))));
      }
      case "add", "save" -> {
        if (arguments[0] instanceof Webhook webhook && Boolean.TRUE.equals(result)) {
          transaction.onCommit(() -> change(webhook, true));
        }
      }
      case "saveHealth" -> {
        List<Webhook> changed =
            ((Collection<?>) arguments[0]).stream().map(Webhook.class::cast).toList();
        transaction.onCommit(() -> changed.forEach(webhook -> change(webhook, false)));
      }
      case "delete" -> {
        if (arguments[0] instanceof StackId stack && arguments.length == 2) {
          transaction.onCommit(() -> delete(stack, (WebhookId) arguments[1]));
        } else {
          transaction.onCommit(() -> delete((StackId) arguments[0]));
        }
      }
      default -> {}
    }
  }

  private boolean isLeased(DeliveryId id) {
    Row row = rows.get(id);
    return row != null && row.lease != null;
  }

  private static List<LeasedDelivery> leasedIn(@Nullable Object result) {
    return ((Collection<?>) requireNonNull(result))
        .stream().map(LeasedDelivery.class::cast).toList();
  }

  private static Arrow arrow(Disposition disposition) {
    return switch (disposition) {
      case Disposition.Delivered() -> Arrow.DELIVER;
      case Disposition.Exhausted() -> Arrow.FAIL;
      case Disposition.Retry(var ignored, var ignored2) -> Arrow.RETRY;
    };
  }

  private void complete(CompletedAttempt attempt) {
    Row row = rows.get(attempt.lease().delivery());
    if (row == null || row.isGone) {
      return;
    }
    if (!attempt.lease().equals(row.lease)) {
      throw world.fail("completed without the lease", row + ": " + attempt.lease());
    }
    row.lease = null;
    switch (attempt.disposition()) {
      case Disposition.Delivered() -> {
        if (!row.acceptedAttempts.contains(attempt.lease().attempt())) {
          throw world.fail("lost", row + " counts as delivered, but was not accepted");
        }
        end(row);
      }
      case Disposition.Exhausted() -> {
        if (row.attempt <= retries(attempt.leased().webhook())) {
          throw world.fail("lost", row + " failed after " + row.attempt + " attempts");
        }
        end(row);
      }
      case Disposition.Retry(var ignored, var ignored2) -> {}
    }
  }

  private static int retries(Webhook webhook) {
    return webhook.settings().delivery().retryDelays().orElse(NodeProcess.RETRIES).size();
  }

  private void release(Lease lease) {
    Row row = rows.get(lease.delivery());
    if (row != null && lease.equals(row.lease)) {
      row.attempt--;
      row.lease = null;
    }
  }

  private void end(@Nullable Row row) {
    if (row != null && row.isOpen) {
      row.isOpen = false;
      row.lease = null;
      open--;
      if (row.lane != null) {
        laneOf(row.lane).remove(row.order);
      }
    }
  }

  private void change(Webhook webhook, boolean byUser) {
    Known known = webhooks.computeIfAbsent(webhook.id(), ignored -> new Known());
    Webhook old = known.webhook;
    if (byUser || old == null) {
      known.webhook = webhook;
      known.settingsSince = world.threads().nanos();
    } else {
      known.webhook = old.withHealth(webhook.health());
    }
    if (old == null || old.isEnabled() != webhook.isEnabled()) {
      known.activeSince = world.threads().nanos();
    }
  }

  private void delete(StackId stack, WebhookId id) {
    Known known = webhooks.get(id);
    if (known != null && known.webhook != null && known.webhook.stack().equals(stack)) {
      known.webhook = null;
      known.settingsSince = world.threads().nanos();
      rows.values().stream().filter(row -> row.added.webhook().id().equals(id)).forEach(this::drop);
    }
  }

  private void drop(Row row) {
    end(row);
    row.isGone = true;
  }

  private void delete(StackId stack) {
    for (Row row : List.copyOf(rows.values())) {
      if (row.added.webhook().stack().equals(stack)) {
        end(row);
        rows.remove(row.id);
      }
    }
    webhooks
        .values()
        .removeIf(known -> known.webhook != null && known.webhook.stack().equals(stack));
    transitions.removeIf(version -> ((Version) version).run().stack().equals(stack));
  }

  void onAcknowledged(Recorded recorded) {
    Version version = new Version(recorded.run().id(), recorded.transition().version());
    if (!recorded.duplicate() && !transitions.contains(version) && !world.hasDeletedStacks()) {
      throw world.fail("acknowledged, but not stored", version.toString());
    }
  }

  void onRequest(
      NodeProcess process, SignedRequest request, boolean isAccepted, boolean mayRepeat) {
    world.stats().onRequest();
    DeliveryId id =
        new DeliveryId(java.util.UUID.fromString(header(request, "X-Runhook-Delivery")));
    int attempt = Integer.parseInt(header(request, "X-Runhook-Attempt"));
    world.log(() -> process + " sends " + rows.get(id) + ", attempt " + attempt);
    Row row = rows.get(id);
    if (row == null && !world.hasDeletedStacks()) {
      throw world.fail("sent, but not stored", id.toString());
    }
    if (row == null || row.isGone) {
      return;
    }
    boolean holdsLease =
        row.lease != null
            && row.attempt == attempt
            && row.holder == process
            && row.leasedUntil.isAfter(world.database().now());
    if (!holdsLease && !isDisturbedSince(row.leasedAt(attempt))) {
      throw world.fail("sent without the lease", row + ", attempt " + attempt + " by " + process);
    }
    if (!row.acceptedAttempts.isEmpty()
        && !isDisturbedSince(Math.min(row.acceptedAt, row.leasedAt(attempt)))) {
      throw world.fail("duplicate", row + " was accepted before, by " + row.acceptedAttempts);
    }
    if (holdsLease) {
      requireHead(row, "sent");
      requireContent(row, request);
    }
    if (isAccepted) {
      row.acceptedAttempts.add(attempt);
      row.acceptedAt = mayRepeat ? Long.MIN_VALUE : row.leasedAt(attempt);
    }
  }

  private void requireContent(Row row, SignedRequest request) {
    Webhook webhook = requireNonNull(row.leasedTo);
    if (!request.endpoint().equals(webhook.settings().endpoint())) {
      throw world.fail("old settings", row + " is sent to " + request.endpoint());
    }
    Payload payload = payloadOf(row.added.content().event());
    if (!request.payload().equals(payload)) {
      throw world.fail("payload", row + " is sent with another payload");
    }
    if (world.threads().random().nextInt(16) == 0) {
      String event = header(request, "webhook-id");
      Instant time = Instant.ofEpochSecond(Long.parseLong(header(request, "webhook-timestamp")));
      List<Header> expected =
          SIGNER.sign(webhook.keys(), event, time, payload.bytes()).headers(event, time);
      if (!request.headers().containsAll(expected)) {
        throw world.fail("signature", row + " is sent with another signature");
      }
    }
  }

  private static String header(SignedRequest request, String name) {
    for (Header header : request.headers()) {
      if (header.name().equalsIgnoreCase(name)) {
        return header.value();
      }
    }
    throw new IllegalStateException("no header " + name);
  }

  private boolean isDisturbedSince(long time) {
    return world.disturbedAt() >= time;
  }

  /// The first delivery that is still open.
  Optional<String> findOpen() {
    return rows.values().stream()
        .filter(row -> row.isOpen)
        .findFirst()
        .map(row -> row + " to " + row.added.webhook().id() + ", attempt " + row.attempt);
  }

  /// The states that a run can be in during a simulation.
  static RunState state(int number) {
    return UNFINISHED.get(number % UNFINISHED.size());
  }
}
