package dev.runhook.testkit.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks.LaggingWebhook;
import dev.runhook.application.spi.Webhooks.LockedWebhooks;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.delivery.NextDueContract;
import dev.runhook.testkit.contract.fixture.Concurrently;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Requirements for the health of webhooks, as it is stored and as deliveries show it.
@Contract
public interface WebhookHealthContract {
  Transactor transactor();

  @Test
  default void every_health_state_is_stored_unchanged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Health failing = Samples.failing(3);
    Health paused =
        new Health.Paused(
            fixture.now(),
            12,
            fixture.now().plusSeconds(30),
            "the receiver responded with 500 – où ça ?");
    Health disabled = new Health.Disabled(fixture.now(), Optional.of("Ada 💤"));
    Health gone = new Health.Disabled(fixture.now(), Optional.empty());

    for (Health health : List.of(failing, paused, disabled, gone)) {
      Webhook added = fixture.addWebhook(health);
      Webhook updated = fixture.addWebhook();
      fixture.saveHealth(updated, health);

      Webhook found =
          fixture.inTransaction(
              unit -> unit.webhooks().find(fixture.stackId(), added.id()).orElseThrow());
      Webhook foundUpdated =
          fixture.inTransaction(
              unit -> unit.webhooks().find(fixture.stackId(), updated.id()).orElseThrow());
      assertThat(found.health()).isEqualTo(health);
      assertThat(foundUpdated.health()).isEqualTo(health);
    }
  }

  @Test
  default void saving_the_health_of_a_webhook_changes_nothing_else() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Webhook outdated =
        Samples.withHealth(webhook, Samples.failing(4))
            .rotated(SigningSecret.parse("must not be stored"), fixture.now(), Duration.ofHours(1));
    Webhook edited =
        new Webhook(
            outdated.id(),
            outdated.stack(),
            WebhookSettings.of(fixture.newEndpoint()),
            outdated.revision() + 1,
            outdated.keys(),
            outdated.health(),
            outdated.createdAt().plusSeconds(1),
            outdated.updatedAt().plusSeconds(1));

    transactor()
        .run(unit -> {
          unit.webhooks().findForHealthUpdate(Set.of(webhook.id()), Set.of());
          unit.webhooks().saveHealth(List.of(edited));
        });

    Webhook found =
        fixture.inTransaction(
            unit -> unit.webhooks().find(fixture.stackId(), webhook.id()).orElseThrow());
    assertThat(found).isEqualTo(Samples.withHealth(webhook, Samples.failing(4)));
  }

  @Test
  default void a_health_update_locks_webhooks_that_failed_and_unproven_ones_that_succeeded() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook flawlessThatFailed = fixture.addWebhook();
    Webhook failingThatFailed = fixture.addWebhook(Samples.failing(2));
    Webhook provenThatSucceeded = fixture.addWebhook(Health.proven());
    Webhook failingThatSucceeded = fixture.addWebhook(Samples.failing(1));
    Webhook pausedThatSucceeded =
        fixture.addWebhook(
            new Health.Paused(fixture.now(), 10, fixture.now().plusSeconds(60), "a timeout"));
    WebhookId deleted = new WebhookId(new UUID(0x7000, 1L << 63));

    List<Webhook> locked =
        fixture.inTransaction(unit ->
            unit.webhooks()
                .findForHealthUpdate(
                    Set.of(flawlessThatFailed.id(), failingThatFailed.id(), deleted),
                    Set.of(
                        provenThatSucceeded.id(),
                        failingThatSucceeded.id(),
                        pausedThatSucceeded.id()))
                .locked());

    assertThat(locked)
        .containsExactlyInAnyOrder(
            flawlessThatFailed, failingThatFailed, failingThatSucceeded, pausedThatSucceeded);
  }

  @Test
  default void a_webhook_that_failed_and_succeeded_is_locked_once() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook(Samples.failing(1));

    List<Webhook> locked =
        fixture.inTransaction(unit ->
            unit.webhooks()
                .findForHealthUpdate(Set.of(webhook.id()), Set.of(webhook.id()))
                .locked());

    assertThat(locked).containsExactly(webhook);
  }

  @Test
  default void concurrent_failures_are_all_counted() throws InterruptedException {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();

    Concurrently.run(
        4,
        () -> {
          int counted = 0;
          while (counted < 10) {
            counted += transactor().<Integer>inTransaction(unit -> countFailure(unit, webhook));
          }
        });

    Webhook found =
        fixture.inTransaction(
            unit -> unit.webhooks().find(fixture.stackId(), webhook.id()).orElseThrow());
    assertThat(found.health()).isEqualTo(Samples.failing(40));
  }

  /// @return 0 if another unit has locked the webhook
  private static int countFailure(UnitOfWork unit, Webhook webhook) {
    LockedWebhooks found = unit.webhooks().findForHealthUpdate(Set.of(webhook.id()), Set.of());
    assertThat(found.locked().size() + found.busy().size()).isEqualTo(1);
    found
        .locked()
        .forEach(locked -> {
          Health next = Samples.failing(locked.health().consecutiveFailures() + 1);
          unit.webhooks().saveHealth(List.of(Samples.withHealth(locked, next)));
        });
    return found.locked().size();
  }

  @Test
  default void a_webhook_is_marked_as_lagging_once_until_it_has_caught_up() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    addSubscriber(fixture, Event.Kind.QUEUE_LAGGING);
    DeliveryId delivery = fixture.addDelivery(webhook, fixture.addRun());
    Instant dueSince =
        DispatchSteps.on(fixture).details(delivery).delivery().nextAttemptAt().orElseThrow();

    List<LaggingWebhook> early = markLagging(fixture, DispatchSteps.AN_HOUR);
    List<LaggingWebhook> first = markLagging(fixture, Duration.ZERO);
    List<LaggingWebhook> again = markLagging(fixture, Duration.ZERO);
    DispatchSteps.on(fixture).deliverAllDue();
    List<LaggingWebhook> caughtUp = markLagging(fixture, Duration.ZERO);
    fixture.addDelivery(webhook, fixture.addRun());
    List<LaggingWebhook> later = markLagging(fixture, Duration.ZERO);

    assertThat(early).isEmpty();
    assertThat(first).containsExactly(new LaggingWebhook(webhook, dueSince));
    assertThat(again).isEmpty();
    assertThat(caughtUp).isEmpty();
    assertThat(later).extracting(LaggingWebhook::webhook).containsExactly(webhook);
  }

  @Test
  default void only_due_deliveries_of_active_webhooks_lag_if_another_webhook_wants_to_know() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook inFlight = fixture.addWebhook();
    fixture.addDelivery(inFlight, fixture.addRun());
    steps.claim();
    Webhook paused = fixture.addWebhook();
    Health.Paused health =
        new Health.Paused(
            fixture.now(), 9, fixture.now().plus(NextDueContract.TEN_MINUTES), "error");
    fixture.saveHealth(paused, health);
    fixture.addDelivery(paused, fixture.addRun());
    Webhook late = fixture.addWebhook();
    fixture.addDelivery(late, fixture.addRun());
    Webhook other = addSubscriber(fixture, Event.Kind.WEBHOOK_PAUSED);
    fixture.addDelivery(other, fixture.addRun());

    List<LaggingWebhook> unwanted = markLagging(fixture, Duration.ZERO);
    addSubscriber(fixture, Event.Kind.QUEUE_LAGGING);
    List<LaggingWebhook> wanted = markLagging(fixture, Duration.ZERO);

    assertThat(unwanted).isEmpty();
    assertThat(wanted).extracting(LaggingWebhook::webhook).containsExactly(late);
  }

  private static Webhook addSubscriber(ContractFixture fixture, Event.Kind kind) {
    Webhook webhook =
        ContractFixture.withEvents(
            fixture.unsavedWebhook(fixture.stackId(), fixture.newEndpoint()), Set.of(kind));
    fixture.<Boolean>inTransaction(unit -> unit.webhooks().add(webhook));
    return webhook;
  }

  private static List<LaggingWebhook> markLagging(ContractFixture fixture, Duration lag) {
    return fixture.inTransaction(unit -> unit.webhooks().markLagging(lag, 1_000)).stream()
        .filter(lagging -> lagging.webhook().stack().equals(fixture.stackId()))
        .toList();
  }
}
