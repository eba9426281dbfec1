package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Settlement;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Answer;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Imprint;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.signing.Signed;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What people see of deliveries, open and finished.
@Promises
public interface DeliveryHistoryContract {
  Transactor transactor();

  @Test
  default void an_open_delivery_tells_how_it_stands() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId head = scene.deliver(webhook, run, RunState.PLANNING);
    DeliveryId blocked = scene.deliver(webhook, run, RunState.UNCONFIRMED);

    DeliveryDetail first = Claims.on(scene).find(head);
    Delivery second = Claims.on(scene).find(blocked).delivery();

    assertThat(first.webhook()).isEqualTo(webhook);
    assertThat(first.attempts()).isEmpty();
    assertThat(first.delivery().webhook()).isEqualTo(webhook.id());
    assertThat(first.delivery().move())
        .contains(new Delivery.Move(run.name(), RunState.PLANNING, 2));
    assertThat(first.delivery().status()).isEqualTo(Status.PENDING);
    assertThat(first.delivery().attempts()).isZero();
    assertThat(first.delivery().nextAttemptAt()).isPresent();
    assertThat(first.delivery().deliveredAt()).isEmpty();
    assertThat(first.delivery().redeliveryOf()).isEmpty();
    assertThat(second.nextAttemptAt()).isEmpty();
  }

  @Test
  default void a_finished_delivery_tells_how_it_ended() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId delivered = scene.deliver(scene.webhook(), scene.run());
    claims.deliver(claims.claim().getFirst());
    DeliveryId failed = scene.deliver(scene.webhook(), scene.run());
    claims.giveUp(claims.claim().getFirst());

    Delivery first = claims.find(delivered).delivery();
    Delivery second = claims.find(failed).delivery();

    assertThat(first.status()).isEqualTo(Status.DELIVERED);
    assertThat(first.attempts()).isEqualTo(1);
    assertThat(first.deliveredAt().orElseThrow()).isAfterOrEqualTo(first.createdAt());
    assertThat(first.nextAttemptAt()).isEmpty();
    assertThat(second.status()).isEqualTo(Status.FAILED);
    assertThat(second.attempts()).isEqualTo(1);
    assertThat(second.deliveredAt()).isEmpty();
    assertThat(second.nextAttemptAt()).isEmpty();
  }

  @Test
  default void what_does_not_change_stays_when_a_delivery_is_finished() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());
    DeliveryDetail open = claims.find(id);

    claims.deliver(claims.claim().getFirst());

    DeliveryDetail finished = claims.find(id);
    assertThat(finished.body()).isEqualTo(open.body());
    assertThat(finished.delivery().event()).isEqualTo(open.delivery().event());
    assertThat(finished.delivery().kind()).isEqualTo(open.delivery().kind());
    assertThat(finished.delivery().move()).isEqualTo(open.delivery().move());
    assertThat(finished.delivery().createdAt()).isEqualTo(open.delivery().createdAt());
  }

  @Test
  default void another_account_does_not_find_a_delivery() {
    Scene scene = Scene.on(transactor());
    AccountId other = Scene.on(transactor()).account();
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());

    Optional<DeliveryDetail> found = scene.in(unit -> unit.deliveries().find(other, id));

    assertThat(found).isEmpty();
  }

  @Test
  default void every_kind_of_outcome_comes_back_as_it_was() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());
    List<Attempt> kept = new ArrayList<>();

    for (Outcome outcome : everyOutcome()) {
      Parcel parcel = claims.claim().getFirst();
      kept.add(claims.settlement(parcel, outcome, new Fate.Retried(Duration.ZERO)).attempt());
      scene.in(unit -> {
        unit.deliveries().lockLanes(List.of(id));
        Fate fate = new Fate.Retried(Duration.ZERO);
        return unit.deliveries()
            .settle(List.of(new Settlement(parcel.lease(), kept.getLast(), fate)));
      });
    }

    assertThat(claims.find(id).attempts()).isEqualTo(kept);
  }

  @Test
  default void it_is_kept_how_the_wait_after_an_attempt_was_worked_out() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());

    claims.settle(
        claims.claim().getFirst(),
        Outcome.Answered.of(500),
        new Fate.Retried(Duration.ZERO, Optional.of("5 s × 1.07 = 5.35 s")));
    claims.deliverAll();

    assertThat(claims.find(id).attempts())
        .extracting(Attempt::waitAfter)
        .containsExactly(Optional.of("5 s × 1.07 = 5.35 s"), Optional.empty());
  }

  @Test
  default void what_an_attempt_was_sent_by_comes_back_as_it_was() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    DeliveryId id = scene.deliver(webhook, scene.run());
    Imprint left = new Imprint(webhook.revision(), "Runhook/1.2.3", signed(webhook));

    Parcel parcel = claims.claim().getFirst();
    Fate fate = new Fate.Retried(Duration.ZERO);
    Attempt attempt = claims.settlement(parcel, Outcome.Answered.of(500), fate).attempt();
    claims.settle(new Settlement(parcel.lease(), attempt.leaving(left), fate));
    claims.deliver(claims.claim().getFirst());

    DeliveryDetail found = claims.find(id);
    assertThat(found.attempts())
        .extracting(Attempt::imprint)
        .containsExactly(Optional.of(left), Optional.empty());
    assertThat(found.revisions()).containsExactly(webhook.sending());
  }

  @Test
  default void what_a_webhook_sent_is_known_after_it_was_edited() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    DeliveryId id = scene.deliver(webhook, scene.run());
    Webhook first = edited(scene, webhook, "one");
    Parcel parcel = claims.claim().getFirst();
    Webhook second = edited(scene, webhook, "two");
    Webhook third = edited(scene, webhook, "three");

    Fate fate = new Fate.Delivered();
    Attempt attempt = claims.settlement(parcel, Outcome.Answered.of(204), fate).attempt();
    int revision = parcel.webhook().revision();
    Imprint left = new Imprint(revision, "Runhook/1.2.3", signed(webhook));
    claims.settle(new Settlement(parcel.lease(), attempt.leaving(left), fate));

    assertThat(parcel.webhook()).isEqualTo(first);
    assertThat(List.of(first.revision(), second.revision(), third.revision()))
        .containsExactly(2, 3, 4);
    assertThat(claims.find(id).revisions()).containsExactly(first.sending());
  }

  private static Webhook edited(Scene scene, Webhook webhook, String value) {
    return scene.in(unit -> {
      Webhook found = unit.webhooks().findForUpdate(webhook.stack(), webhook.id()).orElseThrow();
      WebhookSettings old = found.settings();
      CustomHeaders headers = new CustomHeaders(List.of(new Header("X-Key", value)));
      WebhookSettings next =
          new WebhookSettings(
              scene.newEndpoint(), old.name(), old.subscription(), headers, old.pace());
      Webhook edited = found.edited(next, scene.nowIn(unit));
      unit.webhooks().save(edited);
      return edited;
    });
  }

  private static Signed signed(Webhook webhook) {
    return new Signatures(true).make(webhook.keys(), "m", webhook.createdAt(), new byte[] {1});
  }

  @Test
  default void an_answer_of_odd_characters_can_be_kept() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());
    Answer odd = new Answer(500, List.of(new Header("x-odd", "\u0001é")), "a\u0000b\ud83d", true);

    claims.settle(
        claims.claim().getFirst(), new Outcome.Answered(odd, Optional.empty()), new Fate.GivenUp());

    List<Attempt> attempts = claims.find(id).attempts();
    assertThat(attempts)
        .extracting(attempt -> attempt.outcome().code())
        .containsExactly(Outcome.Code.REJECTED);
  }

  private static List<Outcome> everyOutcome() {
    Answer answer =
        new Answer(
            503,
            List.of(
                new Header("retry-after", "30"),
                new Header("set-cookie", "a"),
                new Header("set-cookie", "b")),
            "später — 後で 🕰️\n\ttry \"later\" \\",
            true);
    Stream<Outcome> unanswered =
        Stream.of(Outcome.Cause.values())
            .map(cause -> new Outcome.Unanswered(cause, "the receiver did not answer: " + cause));
    return Stream.concat(
            Stream.of(
                Outcome.Answered.of(204),
                new Outcome.Answered(answer, Optional.of(Duration.ofSeconds(30))),
                new Outcome.Refused("private network 10.0.0.0/8"),
                new Outcome.Faulted("a bug of ours")),
            unanswered)
        .toList();
  }
}
