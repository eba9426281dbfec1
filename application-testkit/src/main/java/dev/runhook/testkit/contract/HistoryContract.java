package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.History;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What forgetting the past leaves alone. That the old is forgotten only an adapter's own tests can
/// see: they know how its past is kept, and how to make some.
@Promises
public interface HistoryContract {
  Transactor transactor();

  /// Of the same store.
  History history();

  @Test
  default void what_is_young_is_not_forgotten() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    DeliveryId finished = scene.deliver(webhook, scene.run());
    Claims.on(scene).deliverAll();
    DeliveryId open = scene.deliver(webhook, scene.run());

    int forgotten = history().forget(Duration.ofDays(2));

    assertThat(forgotten).isZero();
    assertThat(find(scene, finished)).isPresent();
    assertThat(find(scene, open)).isPresent();
  }

  @Test
  default void preparing_again_loses_nothing() {
    Scene scene = Scene.on(transactor());
    DeliveryId open = scene.deliver(scene.webhook(), scene.run());

    history().prepare(Duration.ofDays(3));
    history().prepare(Duration.ofDays(3));

    assertThat(find(scene, open)).isPresent();
    assertThat(Claims.on(scene).claimIds()).containsExactly(open);
  }

  private Optional<DeliveryDetail> find(Scene scene, DeliveryId id) {
    Transactor store = transactor();
    return store.inTransaction(unit -> unit.deliveries().find(scene.account(), id));
  }
}
