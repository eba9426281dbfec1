package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How a claim is shared out when there is more to do than there is room for.
@Promises
public interface FairnessContract {
  Transactor transactor();

  @Test
  default void a_claim_takes_no_more_than_its_limit_and_the_longest_due_first() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.alone(scene);
    List<DeliveryId> due = deliverMany(scene, scene.webhook(), 5);

    List<Parcel> first = claims.claimAll(new Claim(Claims.AN_HOUR, 2, 10, Map.of()));
    List<Parcel> second = claims.claimAll(new Claim(Claims.AN_HOUR, 2, 10, Map.of()));
    List<Parcel> third = claims.claimAll(new Claim(Claims.AN_HOUR, 2, 10, Map.of()));

    assertThat(Claims.ids(first)).containsExactlyInAnyOrderElementsOf(due.subList(0, 2));
    assertThat(Claims.ids(second)).containsExactlyInAnyOrderElementsOf(due.subList(2, 4));
    assertThat(Claims.ids(third)).containsExactly(due.get(4));
  }

  @Test
  default void a_claim_for_nothing_takes_nothing() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.alone(scene);
    deliverMany(scene, scene.webhook(), 1);

    List<Parcel> claimed = claims.claimAll(new Claim(Claims.AN_HOUR, 0, 10, Map.of()));

    assertThat(claimed).isEmpty();
    assertThat(claims.claim()).hasSize(1);
  }

  @Test
  default void a_claim_takes_no_more_of_one_webhook_than_its_cap_less_what_is_held() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.alone(scene);
    Webhook free = scene.webhook();
    Webhook busy = scene.webhook();
    Webhook full = scene.webhook();
    Webhook quiet = scene.webhook();
    List.of(free, busy, full).forEach(webhook -> deliverMany(scene, webhook, 6));
    deliverMany(scene, quiet, 1);

    List<Parcel> claimed =
        claims.claimAll(new Claim(Claims.AN_HOUR, 100, 4, Map.of(busy.id(), 3, full.id(), 4)));

    assertThat(claimed)
        .extracting(parcel -> parcel.webhook().id())
        .containsExactlyInAnyOrder(
            free.id(), free.id(), free.id(), free.id(), busy.id(), quiet.id());
  }

  @Test
  default void no_webhook_starves_under_a_small_limit() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.alone(scene);
    Webhook loud = scene.webhook();
    deliverMany(scene, loud, 12);
    List<WebhookId> quiet =
        IntStream.range(0, 3)
            .mapToObj(_ -> scene.webhook())
            .map(webhook -> {
              deliverMany(scene, webhook, 1);
              return webhook.id();
            })
            .toList();

    List<Parcel> claimed =
        Stream.generate(() -> claims.claimAll(new Claim(Claims.AN_HOUR, 2, 10, Map.of())))
            .limit(3)
            .flatMap(List::stream)
            .toList();

    assertThat(claimed).hasSize(6);
    assertThat(claimed).extracting(parcel -> parcel.webhook().id()).containsAll(quiet);
  }

  @Test
  default void of_failing_webhooks_a_claim_takes_no_more_than_their_part() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.alone(scene);
    Webhook failing = scene.webhook(new Health.Active(2));
    Webhook paused =
        scene.webhook(new Health.Paused(scene.now(), 10, scene.now().minusSeconds(1), "a timeout"));
    Webhook mishap = scene.webhook(new Health.Active(1));
    Webhook well = scene.webhook();
    List.of(failing, paused, mishap, well).forEach(webhook -> deliverMany(scene, webhook, 4));

    List<Parcel> none = claims.claimAll(new Claim(Claims.AN_HOUR, 3, 0, 10, Map.of()));
    List<Parcel> some = claims.claimAll(new Claim(Claims.AN_HOUR, 100, 2, 10, Map.of()));
    List<Parcel> rest = claims.claimAll(new Claim(Claims.AN_HOUR, 100, 100, 10, Map.of()));

    assertThat(none).hasSize(3);
    assertThat(none).extracting(Parcel::webhook).containsOnly(mishap, well);
    assertThat(ofFailing(some)).isEqualTo(2);
    assertThat(some).hasSize(2 + 5);
    assertThat(ofFailing(rest)).isEqualTo(3);
    assertThat(rest).hasSize(3);
  }

  private static long ofFailing(List<Parcel> parcels) {
    return parcels.stream().filter(parcel -> parcel.webhook().health().isFailing()).count();
  }

  @Test
  default void no_delivery_goes_to_two_takers_at_once() throws InterruptedException {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.alone(scene);
    List<DeliveryId> due = deliverMany(scene, scene.webhook(), 30);
    due.addAll(deliverMany(scene, scene.webhook(), 30));
    Queue<DeliveryId> taken = new ConcurrentLinkedQueue<>();

    Together.run(
        4,
        () -> {
          for (int i = 0; i < 30; i++) {
            taken.addAll(Claims.ids(claims.claimAll(new Claim(Claims.AN_HOUR, 4, 100, Map.of()))));
          }
        });

    assertThat(taken).containsExactlyInAnyOrderElementsOf(due);
  }

  private static List<DeliveryId> deliverMany(Scene scene, Webhook webhook, int count) {
    return new ArrayList<>(
        IntStream.range(0, count).mapToObj(_ -> scene.deliver(webhook, scene.run())).toList());
  }
}
