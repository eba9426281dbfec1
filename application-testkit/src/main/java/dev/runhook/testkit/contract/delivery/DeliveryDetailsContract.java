package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Deliveries.Predecessor;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Attempt.RequestSnapshot;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SignatureSet;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Interruption;
import dev.runhook.domain.webhook.Interruption.Cause;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Requirements for the details of open and finished deliveries.
@Contract
public interface DeliveryDetailsContract {
  Transactor transactor();

  @Test
  default void an_open_delivery_shows_its_state() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId head = fixture.addDelivery(webhook, run, RunState.PLANNING);
    DeliveryId blocked = fixture.addDelivery(webhook, run, RunState.UNCONFIRMED);

    StoredDelivery first = DispatchSteps.on(fixture).details(head);
    Delivery second = DispatchSteps.on(fixture).details(blocked).delivery();

    assertThat(first.webhook()).isEqualTo(webhook);
    assertThat(first.attempts()).isEmpty();
    assertThat(first.delivery().webhook()).isEqualTo(webhook.id());
    assertThat(first.delivery().transition())
        .contains(new Delivery.TransitionRef(run.name(), RunState.PLANNING, 2));
    assertThat(first.delivery().status()).isEqualTo(Status.PENDING);
    assertThat(first.delivery().attemptCount()).isZero();
    assertThat(first.delivery().nextAttemptAt()).isPresent();
    assertThat(first.delivery().deliveredAt()).isEmpty();
    assertThat(first.delivery().redeliveryOf()).isEmpty();
    assertThat(second.nextAttemptAt()).isEmpty();
  }

  @Test
  default void a_finished_delivery_shows_its_result() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId delivered = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    steps.deliver(steps.claim().getFirst());
    DeliveryId failed = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    steps.exhaust(steps.claim().getFirst());

    Delivery first = steps.details(delivered).delivery();
    Delivery second = steps.details(failed).delivery();

    assertThat(first.status()).isEqualTo(Status.DELIVERED);
    assertThat(first.attemptCount()).isEqualTo(1);
    assertThat(first.deliveredAt().orElseThrow()).isAfterOrEqualTo(first.createdAt());
    assertThat(first.nextAttemptAt()).isEmpty();
    assertThat(second.status()).isEqualTo(Status.FAILED);
    assertThat(second.attemptCount()).isEqualTo(1);
    assertThat(second.deliveredAt()).isEmpty();
    assertThat(second.nextAttemptAt()).isEmpty();
  }

  @Test
  default void the_completion_preserves_the_content_and_the_creation_time() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    StoredDelivery open = steps.details(id);

    steps.deliver(steps.claim().getFirst());

    StoredDelivery finished = steps.details(id);
    assertThat(finished.payload()).isEqualTo(open.payload());
    assertThat(finished.delivery().event()).isEqualTo(open.delivery().event());
    assertThat(finished.delivery().kind()).isEqualTo(open.delivery().kind());
    assertThat(finished.delivery().transition()).isEqualTo(open.delivery().transition());
    assertThat(finished.delivery().createdAt()).isEqualTo(open.delivery().createdAt());
  }

  @Test
  default void another_account_cannot_find_a_delivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    AccountId other = ContractFixture.on(transactor()).account();
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());

    Optional<StoredDelivery> found =
        fixture.inTransaction(unit -> unit.deliveries().find(other, id));

    assertThat(found).isEmpty();
  }

  @Test
  default void every_outcome_is_stored_unchanged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    List<Attempt> attempts = new ArrayList<>();

    for (Outcome outcome : everyOutcome()) {
      LeasedDelivery leased = steps.claim().getFirst();
      CompletedAttempt completed =
          steps.completedAttempt(leased, outcome, new Disposition.Retry(Duration.ZERO));
      attempts.add(completed.attempt());
      steps.complete(completed);
    }

    assertThat(steps.details(id).attempts()).isEqualTo(attempts);
  }

  @Test
  default void only_the_latest_attempts_are_shown() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    IntStream.range(0, StoredDelivery.MAX_ATTEMPTS + 2)
        .forEach(ignored -> steps.retry(steps.claim().getFirst(), Duration.ZERO));

    StoredDelivery found = steps.details(id);

    assertThat(found.delivery().attemptCount()).isEqualTo(StoredDelivery.MAX_ATTEMPTS + 2);
    assertThat(found.attempts())
        .extracting(Attempt::number)
        .isEqualTo(IntStream.rangeClosed(3, StoredDelivery.MAX_ATTEMPTS + 2).boxed().toList());
  }

  @Test
  default void earlier_attempts_are_read_in_pages() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    IntStream.range(0, 4).forEach(ignored -> steps.retry(steps.claim().getFirst(), Duration.ZERO));
    steps.deliver(steps.claim().getFirst());

    StoredDelivery latest = attempts(fixture, id, new PageRequest(2, Optional.empty()));
    StoredDelivery earlier = attempts(fixture, id, new PageRequest(2, latest.earlierAttempts()));
    StoredDelivery first = attempts(fixture, id, new PageRequest(2, earlier.earlierAttempts()));

    assertThat(latest.attempts()).extracting(Attempt::number).containsExactly(4, 5);
    assertThat(earlier.attempts()).extracting(Attempt::number).containsExactly(2, 3);
    assertThat(first.attempts()).extracting(Attempt::number).containsExactly(1);
    assertThat(first.earlierAttempts()).isEmpty();
    assertThat(first.delivery()).isEqualTo(latest.delivery());
  }

  private static StoredDelivery attempts(ContractFixture fixture, DeliveryId id, PageRequest page) {
    return fixture.inTransaction(
        unit -> unit.deliveries().find(fixture.account(), id, page).orElseThrow());
  }

  @Test
  default void what_a_delivery_waited_for_is_shown() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId head = fixture.addDelivery(webhook, run, RunState.PLANNING);
    DeliveryId next = fixture.addDelivery(webhook, run, RunState.UNCONFIRMED);
    Instant since = fixture.now();
    fixture.saveHealth(webhook, new Health.Paused(since, 3, since, "a timeout"));
    StoredDelivery waiting = steps.details(next);

    fixture.saveHealth(webhook, new Health.Disabled(since, Optional.empty()));
    fixture.saveHealth(webhook, Health.healthy());
    steps.deliver(steps.claim().getFirst());

    StoredDelivery found = steps.details(next);
    assertThat(waiting.interruptions()).isEmpty();
    assertThat(waiting.predecessor()).isEmpty();
    assertThat(found.interruptions())
        .allMatch(ended -> ended.since().equals(since) && !ended.until().isBefore(since))
        .extracting(Interruption::cause)
        .containsExactly(Cause.PAUSED, Cause.DISABLED);
    Predecessor predecessor = found.predecessor().orElseThrow();
    assertThat(predecessor.id()).isEqualTo(head);
    assertThat(predecessor.transition())
        .isEqualTo(new Delivery.TransitionRef(run.name(), RunState.PLANNING, 2));
    assertThat(predecessor.finishedAt()).isAfterOrEqualTo(since);
    assertThat(steps.details(head).predecessor()).isEmpty();
  }

  @Test
  default void a_webhook_that_fails_again_or_is_edited_ends_its_interruption() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    DeliveryId id = fixture.addDelivery(webhook, fixture.addRun());
    fixture.saveHealth(webhook, new Health.Paused(fixture.now(), 3, fixture.now(), "a timeout"));

    fixture.saveHealth(webhook, Samples.failing(1));
    fixture.saveHealth(webhook, new Health.Paused(fixture.now(), 3, fixture.now(), "a timeout"));

    edited(fixture, webhook, "one");

    assertThat(DispatchSteps.on(fixture).details(id).interruptions())
        .extracting(Interruption::cause)
        .containsExactly(Cause.PAUSED, Cause.PAUSED);
  }

  @Test
  default void the_retry_delay_reason_is_stored() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());

    steps.complete(
        steps.claim().getFirst(),
        Outcome.Responded.of(500),
        new Disposition.Retry(Duration.ZERO, Optional.of("5 s × 1.07 = 5.35 s")));
    steps.deliverAllDue();

    assertThat(steps.details(id).attempts())
        .extracting(Attempt::retryDelayReason)
        .containsExactly(Optional.of("5 s × 1.07 = 5.35 s"), Optional.empty());
  }

  @Test
  default void the_request_snapshot_of_an_attempt_is_stored_unchanged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId id = fixture.addDelivery(webhook, fixture.addRun());
    RequestSnapshot snapshot =
        new RequestSnapshot(webhook.revision(), "Runhook/1.2.3", signed(webhook), Optional.empty());

    LeasedDelivery leased = steps.claim().getFirst();
    Disposition disposition = new Disposition.Retry(Duration.ZERO);
    Attempt attempt =
        steps.completedAttempt(leased, Outcome.Responded.of(500), disposition).attempt();
    steps.complete(steps.completedAttempt(leased, attempt.withRequest(snapshot), disposition));
    steps.deliver(steps.claim().getFirst());

    StoredDelivery found = steps.details(id);
    assertThat(found.attempts())
        .extracting(Attempt::request)
        .containsExactly(Optional.of(snapshot), Optional.empty());
    assertThat(found.revisions()).containsExactly(webhook.currentRevision());
  }

  @Test
  default void the_webhook_revision_of_an_attempt_survives_later_updates() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId id = fixture.addDelivery(webhook, fixture.addRun());
    Webhook first = edited(fixture, webhook, "one");
    LeasedDelivery leased = steps.claim().getFirst();
    Webhook second = edited(fixture, webhook, "two");
    Webhook third = edited(fixture, webhook, "three");

    Disposition disposition = new Disposition.Delivered();
    Attempt attempt =
        steps.completedAttempt(leased, Outcome.Responded.of(204), disposition).attempt();
    int revision = leased.webhook().revision();
    RequestSnapshot snapshot =
        new RequestSnapshot(revision, "Runhook/1.2.3", signed(webhook), Optional.empty());
    steps.complete(steps.completedAttempt(leased, attempt.withRequest(snapshot), disposition));

    assertThat(leased.webhook()).isEqualTo(first);
    assertThat(List.of(first.revision(), second.revision(), third.revision()))
        .containsExactly(2, 3, 4);
    assertThat(steps.details(id).revisions()).containsExactly(first.currentRevision());
  }

  private static Webhook edited(ContractFixture fixture, Webhook webhook, String value) {
    return fixture.inTransaction(unit -> {
      Webhook found = unit.webhooks().findForUpdate(webhook.stack(), webhook.id()).orElseThrow();
      WebhookSettings old = found.settings();
      CustomHeaders headers = new CustomHeaders(List.of(new Header("X-Key", value)));
      WebhookSettings next =
          new WebhookSettings(
              fixture.newEndpoint(), old.name(), old.subscription(), headers, old.delivery());
      Webhook edited = found.edited(next, fixture.timeOf(unit));
      unit.webhooks().save(edited);
      return edited;
    });
  }

  private static SignatureSet signed(Webhook webhook) {
    return new WebhookSigner(true).sign(webhook.keys(), "m", webhook.createdAt(), new byte[] {1});
  }

  @Test
  default void a_response_with_control_characters_can_be_stored() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    ReceiverResponse response =
        new ReceiverResponse(
            500, List.of(new Header("x-odd", "\u0001é\r\nb")), "a\u0000b\ud83d", true);

    steps.complete(
        steps.claim().getFirst(),
        new Outcome.Responded(response, Optional.empty()),
        new Disposition.Exhausted());

    List<Attempt> attempts = steps.details(id).attempts();
    assertThat(attempts)
        .extracting(attempt -> attempt.outcome().code())
        .containsExactly(Outcome.Code.REJECTED);
  }

  private static List<Outcome> everyOutcome() {
    ReceiverResponse receiverResponse =
        new ReceiverResponse(
            503,
            List.of(
                new Header("retry-after", "30"),
                new Header("set-cookie", "a"),
                new Header("set-cookie", "b")),
            "später — 後で 🕰️\n\ttry \"later\" \\",
            true);
    Stream<Outcome> noResponses =
        Stream.of(Outcome.Cause.values())
            .map(cause -> new Outcome.NoResponse(cause, "no response: " + cause));
    return Stream.concat(
            Stream.of(
                Outcome.Responded.of(204),
                new Outcome.Responded(receiverResponse, Optional.of(Duration.ofSeconds(30))),
                new Outcome.Blocked("private network 10.0.0.0/8"),
                new Outcome.InternalFailure("an internal error")),
            noResponses)
        .toList();
  }
}
