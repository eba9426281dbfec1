package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Requirements for claims: which deliveries a dispatcher can lease.
@Contract
public interface ClaimsContract {
  Transactor transactor();

  @Test
  default void a_claimed_delivery_has_everything_needed_to_send_it() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    NewDelivery added =
        fixture.inTransaction(unit -> {
          NewDelivery delivery = fixture.recordTransition(unit, webhook, run, RunState.PLANNING);
          unit.append(JournalEntries.ofDeliveries(List.of(delivery)), Duration.ZERO);
          return delivery;
        });

    List<LeasedDelivery> claimed = DispatchSteps.on(fixture).claim();

    assertThat(claimed)
        .containsExactly(new LeasedDelivery(new Lease(added.id(), 1, 0), webhook, added.content()));
    assertThat(claimed.getFirst().content().transition())
        .contains(new Delivery.TransitionRef(run.name(), RunState.PLANNING, 2));
  }

  @Test
  default void a_claimed_delivery_is_not_due_until_its_lease_ends() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(fixture.addWebhook(), fixture.addRun());

    List<LeasedDelivery> first = steps.claim(DispatchSteps.AN_HOUR);
    List<LeasedDelivery> second = steps.claim(DispatchSteps.AN_HOUR);

    assertThat(first).hasSize(1);
    assertThat(second).isEmpty();
  }

  @Test
  default void a_delivery_that_is_leased_on_insert_belongs_to_the_caller() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();

    LeasedDelivery added = addLeased(fixture, webhook, run);

    DeliveryId id = added.lease().delivery();
    List<LeasedDelivery> others = steps.claim();
    boolean applied = steps.deliver(added).applied().contains(added.lease());
    assertThat(others).isEmpty();
    assertThat(applied).isTrue();
    assertThat(steps.details(id).delivery().status()).isEqualTo(Delivery.Status.DELIVERED);
  }

  @Test
  default void only_heads_that_request_a_lease_get_one() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook asking = fixture.addWebhook();
    Webhook waiting = fixture.addWebhook();
    RunId run = fixture.addRun();

    fixture.inTransaction(unit -> {
      NewDelivery head = leased(fixture.recordTransition(unit, asking, run));
      NewDelivery blocked = leased(fixture.recordTransition(unit, asking, run));
      NewDelivery ping = leased(fixture.newPing(unit, asking));
      NewDelivery notRequested = fixture.recordTransition(unit, waiting, run);
      List<LeasedDelivery> leased =
          fixture.addDeliveries(
              unit, List.of(head, blocked, ping, notRequested), DispatchSteps.AN_HOUR);
      assertThat(DispatchSteps.ids(leased)).containsExactlyInAnyOrder(head.id(), ping.id());
      return leased;
    });

    assertThat(DispatchSteps.on(fixture).claim())
        .extracting(LeasedDelivery::webhook)
        .containsExactly(waiting);
  }

  @Test
  default void a_delivery_behind_an_open_one_is_not_leased_on_insert() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    LeasedDelivery head = addLeased(fixture, webhook, run);

    List<LeasedDelivery> leased =
        fixture.inTransaction(unit ->
            fixture.addDeliveries(
                unit,
                List.of(leased(fixture.recordTransition(unit, webhook, run))),
                DispatchSteps.AN_HOUR));
    steps.deliver(head);

    assertThat(leased).isEmpty();
    assertThat(steps.claim())
        .extracting(LeasedDelivery::lease)
        .extracting(Lease::attempt)
        .containsExactly(1);
  }

  @Test
  default void deliveries_of_a_paused_webhook_wait() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook =
        fixture.addWebhook(
            new Health.Paused(
                fixture.now(), 10, fixture.now().plus(DispatchSteps.AN_HOUR), "a timeout"));
    DeliveryId delivery = fixture.addDelivery(webhook, fixture.addRun());

    List<DeliveryId> whilePaused = steps.claimIds();
    fixture.saveHealth(webhook, Health.healthy());

    assertThat(whilePaused).isEmpty();
    assertThat(steps.claimIds()).containsExactly(delivery);
  }

  @Test
  default void a_paused_webhook_with_a_due_probe_gets_one_delivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook =
        fixture.addWebhook(
            new Health.Paused(fixture.now(), 10, fixture.now().minusSeconds(1), "a timeout"));
    DeliveryId first = fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(webhook, fixture.addRun());

    List<DeliveryId> probe = steps.claimIds();
    List<DeliveryId> whileProbed = steps.claimIds();

    assertThat(probe).containsExactly(first);
    assertThat(whileProbed).isEmpty();
  }

  @Test
  default void a_probe_sends_a_delivery_that_is_not_due_yet() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId later = addWaiting(fixture, steps, webhook, Duration.ofHours(9));
    DeliveryId sooner = addWaiting(fixture, steps, webhook, Duration.ofHours(2));
    fixture.saveHealth(webhook, pausedWithProbe(fixture, Duration.ofHours(1)));

    List<DeliveryId> beforeTheProbe = steps.claimIds();
    fixture.saveHealth(webhook, pausedWithProbe(fixture, Duration.ofSeconds(-1)));
    List<LeasedDelivery> probe = steps.claim();
    List<DeliveryId> whileProbed = steps.claimIds();
    steps.release(probe.getFirst());
    fixture.saveHealth(webhook, Health.healthy());

    assertThat(beforeTheProbe).isEmpty();
    assertThat(DispatchSteps.ids(probe)).containsExactly(sooner);
    assertThat(whileProbed).isEmpty();
    assertThat(steps.claimIds()).containsExactly(sooner).doesNotContain(later);
  }

  @Test
  default void deliveries_that_wait_for_a_retry_can_be_made_due() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    Webhook other = fixture.addWebhook();
    Webhook paused = fixture.addWebhook();
    DeliveryId later = addWaiting(fixture, steps, webhook, Duration.ofHours(9));
    DeliveryId sooner = addWaiting(fixture, steps, webhook, Duration.ofHours(2));
    addWaiting(fixture, steps, other, Duration.ofHours(2));
    addWaiting(fixture, steps, paused, Duration.ofHours(2));
    fixture.addDelivery(webhook, fixture.addRun());
    steps.claim();
    fixture.saveHealth(paused, pausedWithProbe(fixture, Duration.ofHours(1)));

    int first = makeDue(fixture, webhook, 1);
    List<DeliveryId> claimedFirst = steps.claimIds();
    int rest = makeDue(fixture, webhook, 10);
    int none = makeDue(fixture, webhook, 10) + makeDue(fixture, paused, 10);

    assertThat(List.of(first, rest, none)).containsExactly(1, 1, 0);
    assertThat(claimedFirst).containsExactly(sooner);
    assertThat(steps.claimIds()).containsExactly(later);
  }

  @Test
  default void deliveries_that_become_due_together_keep_the_order_of_their_creation() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId first = addWaiting(fixture, steps, webhook, Duration.ofHours(3));
    DeliveryId second = addWaiting(fixture, steps, webhook, Duration.ofHours(1));
    DeliveryId third = addWaiting(fixture, steps, webhook, Duration.ofHours(2));

    makeDue(fixture, webhook, 10);

    assertThat(steps.claimIds()).containsExactly(first, second, third);
  }

  @Test
  default void one_delivery_that_waits_for_a_retry_can_be_made_due() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId waiting = fixture.addDelivery(webhook, run);
    steps.retry(steps.claim().getFirst(), Duration.ofHours(2));
    DeliveryId behind = fixture.addDelivery(webhook, run);
    addWaiting(fixture, steps, webhook, Duration.ofHours(2));

    transactor().run(unit -> unit.deliveries().makeDue(behind));
    List<DeliveryId> claimedFirst = steps.claimIds();
    transactor().run(unit -> unit.deliveries().makeDue(waiting));
    List<DeliveryId> claimedThen = steps.claimIds();
    transactor().run(unit -> unit.deliveries().makeDue(waiting));

    assertThat(claimedFirst).isEmpty();
    assertThat(claimedThen).containsExactly(waiting);
    assertThat(steps.claimIds()).isEmpty();
  }

  private static Health pausedWithProbe(ContractFixture fixture, Duration after) {
    return new Health.Paused(fixture.now(), 10, fixture.now().plus(after), "a timeout");
  }

  /// Adds a delivery of a new run whose first attempt has failed.
  private static DeliveryId addWaiting(
      ContractFixture fixture, DispatchSteps steps, Webhook webhook, Duration delay) {
    DeliveryId delivery = fixture.addDelivery(webhook, fixture.addRun());
    steps.retry(steps.claim().getFirst(), delay);
    return delivery;
  }

  private static int makeDue(ContractFixture fixture, Webhook webhook, int limit) {
    return fixture.<Integer>inTransaction(
        unit -> unit.deliveries().makeDue(List.of(webhook.id()), limit));
  }

  @Test
  default void deliveries_of_a_disabled_webhook_wait() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId delivery = fixture.addDelivery(webhook, fixture.addRun());

    fixture.saveHealth(webhook, new Health.Disabled(fixture.now(), Optional.of("Ada")));
    List<DeliveryId> whileDisabled = steps.claimIds();
    fixture.saveHealth(webhook, Health.healthy());

    assertThat(whileDisabled).isEmpty();
    assertThat(steps.claimIds()).containsExactly(delivery);
  }

  private static LeasedDelivery addLeased(ContractFixture fixture, Webhook webhook, RunId run) {
    return fixture.inTransaction(unit -> {
      NewDelivery delivery = leased(fixture.recordTransition(unit, webhook, run));
      List<LeasedDelivery> leased =
          fixture.addDeliveries(unit, List.of(delivery), DispatchSteps.AN_HOUR);
      assertThat(DispatchSteps.ids(leased)).containsExactly(delivery.id());
      return leased.getFirst();
    });
  }

  private static NewDelivery leased(NewDelivery delivery) {
    return new NewDelivery(delivery.id(), delivery.webhook(), delivery.content(), true);
  }
}
