package dev.runhook.application.dispatch;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.Room;
import dev.runhook.application.spi.delivery.SlotLimits;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// The slots of a process. Every attempt holds one, or more if its payload is large, from before
/// its delivery is leased until its result is stored, so nothing waits in memory: what has no slot
/// waits in the store. This bounds the duplicates after a crash, and slows sending down while the
/// store is slow. [Room] has the rule that decides who gets a slot.
///
/// Thread-safe. The lock of this object guards all of its state.
final class Slots {
  private static final int MAX_CLAIM = 500;
  private static final int MIN_CLAIM = 16;

  private final SlotLimits limits;
  private final Group all = new Group();
  private final Map<AccountId, Group> accounts = new HashMap<>();
  private final Map<WebhookId, Group> webhooks = new HashMap<>();
  private final CountDownLatch allFree = new CountDownLatch(1);
  private boolean closed;

  Slots(SlotLimits limits) {
    this.limits = limits;
  }

  /// What a webhook, an account or the process holds.
  private static final class Group {
    int held;

    /// How many of them unproven webhooks hold.
    int unproven;

    /// How many it held when it was denied another one, or 0.
    int heldWhenDenied;

    /// If this is the group of a webhook, the webhook of its latest attempt.
    @Nullable Webhook webhook;

    boolean isEmpty() {
      return held == 0;
    }

    void add(int slots, boolean isProven) {
      held += slots;
      unproven += isProven ? 0 : slots;
    }

    void deny() {
      heldWhenDenied = Math.max(held, heldWhenDenied);
    }

    /// Returns whether enough slots are free since it was denied one that a claim is worthwhile: a
    /// quarter, or some in a small group. The next call does not return this again.
    boolean endsDenial() {
      int enough = Math.max(Math.min(heldWhenDenied, MIN_CLAIM), Math.ceilDiv(heldWhenDenied, 4));
      boolean ends = heldWhenDenied > 0 && held <= heldWhenDenied - enough;
      if (ends) {
        heldWhenDenied = 0;
      }
      return ends;
    }
  }

  /// Takes slots for one delivery of the webhook. One with a limited rate gets none: the store
  /// knows when another process has sent something, and a claim finds the delivery.
  ///
  /// @param bytes the length of its payload
  /// @return false if none may be taken, which [#free] takes into account
  synchronized boolean tryTake(Webhook webhook, long bytes) {
    if (isLimited(webhook)) {
      return false;
    }
    boolean mayStart = mayStart(webhook);
    if (mayStart) {
      add(webhook, limits.slotsFor(bytes));
    } else {
      deny(webhook);
      removeEmpty(webhook);
    }
    return mayStart;
  }

  /// Takes slots for a delivery that is leased.
  private void take(LeasedDelivery leased) {
    add(leased.webhook(), limits.slotsFor(leased.bytes()));
  }

  /// Frees the slots of a delivery.
  ///
  /// @param bytes as in [#tryTake]
  /// @return whether to claim deliveries for which there was no slot before
  synchronized boolean free(Webhook webhook, long bytes) {
    add(webhook, -limits.slotsFor(bytes));
    boolean isClaimWorthwhile = false;
    for (Group group : groups(webhook)) {
      isClaimWorthwhile |= group.endsDenial();
    }
    removeEmpty(webhook);
    completeIfAllFree();
    return isClaimWorthwhile;
  }

  /// Returns whether the next delivery of the same webhook may use the slots of an attempt that has
  /// ended.
  synchronized boolean mayContinue(LeasedDelivery ended) {
    int slots = limits.slotsFor(ended.bytes());
    add(ended.webhook(), -slots);
    boolean mayContinue = !isLimited(ended.webhook()) && mayStart(ended.webhook());
    add(ended.webhook(), slots);
    return mayContinue;
  }

  /// Takes the slots of deliveries that the store has leased after those that ended.
  synchronized void takeNext(List<LeasedDelivery> leased) {
    leased.forEach(this::take);
  }

  /// Takes half of the free slots for a claim. If none is free, its limit is 0. Call [#endClaim]
  /// afterwards. Until then, neither the claim nor [#tryTake] knows what the other one takes, so an
  /// account can get half of the one half and half of the other: three quarters of all.
  synchronized ClaimRequest beginClaim(Duration lease) {
    int free = closed ? 0 : Math.max(0, limits.total() - all.held);
    Map<AccountId, Room> rooms = new HashMap<>();
    accounts.forEach((account, group) -> rooms.put(account, room(group)));
    Map<WebhookId, Integer> held = new HashMap<>();
    webhooks.forEach((webhook, group) -> held.put(webhook, group.held));
    ClaimRequest request =
        new ClaimRequest(
            lease,
            Math.min(Math.ceilDiv(free, 2), MAX_CLAIM),
            limits,
            room(new Group()),
            rooms,
            held);
    all.held += request.slots();
    return request;
  }

  /// Uses the slots of a claim for its deliveries, and frees the others. Remembers for which
  /// webhooks the store may have more.
  synchronized void endClaim(ClaimRequest request, List<LeasedDelivery> claimed) {
    all.held -= request.slots();
    claimed.forEach(this::take);
    for (Group group : List.copyOf(webhooks.values())) {
      if (group.webhook != null && !mayStart(group.webhook)) {
        deny(group.webhook);
      }
    }
    completeIfAllFree();
  }

  /// After this call, no slot can be taken.
  synchronized void close() {
    closed = true;
    completeIfAllFree();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /// Waits until no slot is held, after [#close].
  ///
  /// @return false if the timeout ended first
  boolean awaitAllFree(Duration timeout) throws InterruptedException {
    return allFree.await(timeout.toNanos(), NANOSECONDS);
  }

  private void completeIfAllFree() {
    if (closed && all.isEmpty()) {
      allFree.countDown();
    }
  }

  private boolean mayStart(Webhook webhook) {
    Group account = accounts.getOrDefault(webhook.stack().account(), new Group());
    Group own = webhooks.getOrDefault(webhook.id(), new Group());
    return !closed && limits.mayStart(room(account), webhook.health().isProven(), own.held);
  }

  private static boolean isLimited(Webhook webhook) {
    return webhook.settings().delivery().interval().isPresent();
  }

  private Room room(Group account) {
    return Room.of(limits.total() - all.held, account.held, account.unproven);
  }

  private void add(Webhook webhook, int slots) {
    groups(webhook).forEach(group -> group.add(slots, webhook.health().isProven()));
    ofWebhook(webhook).webhook = webhook;
  }

  private void deny(Webhook webhook) {
    groups(webhook).forEach(Group::deny);
  }

  private void removeEmpty(Webhook webhook) {
    webhooks.computeIfPresent(webhook.id(), (ignored, group) -> group.isEmpty() ? null : group);
    accounts.computeIfPresent(
        webhook.stack().account(), (ignored, group) -> group.isEmpty() ? null : group);
  }

  private List<Group> groups(Webhook webhook) {
    return List.of(
        all,
        accounts.computeIfAbsent(webhook.stack().account(), ignored -> new Group()),
        ofWebhook(webhook));
  }

  private Group ofWebhook(Webhook webhook) {
    return webhooks.computeIfAbsent(webhook.id(), ignored -> new Group());
  }
}
