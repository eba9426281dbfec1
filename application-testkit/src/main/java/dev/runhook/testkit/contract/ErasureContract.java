package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Erased;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Body;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a store does when payloads are to be forgotten.
@Promises
public interface ErasureContract {
  Transactor transactor();

  @Test
  default void of_a_payload_that_was_delivered_the_hash_is_left() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId delivery = scene.deliver(webhook, run);
    Parcel parcel = Claims.on(scene).claim().getFirst();
    Claims.on(scene).deliver(parcel);

    Erased erased = erase(scene, run);

    assertThat(erased).isEqualTo(new Erased(1, 0, Optional.empty()));
    assertThat(Claims.on(scene).find(delivery).body())
        .isEqualTo(new Body.Forgotten(sha256(parcel.letter().payload())));
    assertThat(Claims.on(scene).find(delivery).attempts()).hasSize(1);
    assertThat(Claims.on(scene).find(delivery).delivery().move()).isEqualTo(parcel.letter().move());
  }

  @Test
  default void what_is_still_to_be_sent_is_kept_until_it_is() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, run);
    DeliveryId second = scene.deliver(webhook, run);
    Claims.on(scene).deliver(Claims.on(scene).claim().getFirst());

    Erased first = erase(scene, run);
    Parcel open = Claims.on(scene).claim().getFirst();
    Claims.on(scene).deliver(open);
    Erased then = erase(scene, run);

    assertThat(first).isEqualTo(new Erased(1, 1, Optional.empty()));
    assertThat(open.lease().delivery()).isEqualTo(second);
    assertThat(then).isEqualTo(new Erased(1, 0, Optional.empty()));
    assertThat(erase(scene, run)).isEqualTo(Erased.nothing());
  }

  @Test
  default void other_runs_keep_theirs() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId other = scene.deliver(webhook, scene.run());
    scene.deliver(webhook, run);
    Claims.on(scene).deliverAll();

    erase(scene, run);

    assertThat(Claims.on(scene).find(other).body()).isInstanceOf(Body.Kept.class);
  }

  @Test
  default void the_payloads_of_an_account_go_some_at_a_time() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    Scene stranger = Scene.on(transactor());
    DeliveryId strangers = stranger.deliver(stranger.webhook(), stranger.run());
    List<DeliveryId> ours =
        List.of(
            scene.deliver(webhook, scene.run()),
            scene.deliver(webhook, scene.run()),
            scene.deliver(webhook, scene.run()));
    Claims.on(scene).deliverAll();
    Claims.on(stranger).deliverAll();

    Erased first = erase(scene, new Reach.AllStacks(), Optional.empty());
    Erased then = erase(scene, new Reach.AllStacks(), first.last());

    assertThat(first.forgotten()).isEqualTo(2);
    assertThat(then).isEqualTo(new Erased(1, 0, Optional.empty()));
    assertThat(ours)
        .allSatisfy(
            id -> assertThat(Claims.on(scene).find(id).body()).isInstanceOf(Body.Forgotten.class));
    assertThat(Claims.on(stranger).find(strangers).body()).isInstanceOf(Body.Kept.class);
  }

  @Test
  default void stacks_out_of_reach_keep_theirs() {
    Scene scene = Scene.on(transactor());
    DeliveryId delivery = scene.deliver(scene.webhook(), scene.run());
    Claims.on(scene).deliverAll();

    Erased none = erase(scene, new Reach.SomeStacks(Set.of("other")), Optional.empty());
    Body kept = Claims.on(scene).find(delivery).body();
    Erased own = erase(scene, new Reach.SomeStacks(Set.of("demo")), Optional.empty());

    assertThat(none).isEqualTo(Erased.nothing());
    assertThat(kept).isInstanceOf(Body.Kept.class);
    assertThat(own.forgotten()).isEqualTo(1);
  }

  private static Erased erase(Scene scene, RunId run) {
    return scene.in(unit -> {
      unit.runs().findForUpdate(List.of(run));
      return unit.events().erase(run);
    });
  }

  private static Erased erase(Scene scene, Reach reach, Optional<EventId> after) {
    return scene.in(unit -> unit.events().erase(scene.account(), reach, after, 2));
  }

  private static String sha256(Payload payload) {
    try {
      byte[] bytes = payload.text().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
