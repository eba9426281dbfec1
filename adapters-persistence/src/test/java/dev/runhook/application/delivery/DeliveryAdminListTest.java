package dev.runhook.application.delivery;

import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DeliveryAdminListTest {
  @AutoClose private final PostgresStore store = new PostgresStore();
  private final ApplicationFixture app = new ApplicationFixture(store);
  private final Webhook webhook = app.createWebhook(1);

  @Test
  void deliveries_of_a_webhook_are_listed_newest_first() {
    app.createWebhook(2);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);

    assertThat(app.deliveriesOf(webhook))
        .extracting(delivery -> delivery.transition().orElseThrow().state())
        .containsExactly(RunState.READY, RunState.QUEUED);
  }

  @Test
  void deliveries_can_be_filtered_by_status() {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");
    DeliveryFilter all = DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, webhook.id()));

    assertThat(list(all.withStatus(Status.FAILED))).isEmpty();
    assertThat(list(all)).hasSize(1);
  }

  @Test
  void the_deliveries_of_a_run_include_those_to_all_webhooks_of_its_stack() {
    Webhook other = app.createWebhook(2);
    RunId run = app.startRun("run-1");
    app.startRun("run-2");

    List<Delivery> found = list(DeliveryFilter.of(new DeliveryScope.OfRun(run)));

    assertThat(found)
        .extracting(Delivery::webhook)
        .containsExactlyInAnyOrder(webhook.id(), other.id());
    assertThat(found)
        .extracting(delivery -> delivery.transition().orElseThrow().run())
        .containsOnly("run-1");
  }

  @Test
  void deliveries_of_an_account_are_limited_to_the_stack_scope() {
    app.startRun("run-1");
    StackScope demo = new StackScope.Only(Set.of("demo"));
    StackScope net = new StackScope.Only(Set.of("net"));

    assertThat(list(ofAccount(new StackScope.All()))).hasSize(1);
    assertThat(list(ofAccount(demo))).hasSize(1);
    assertThat(list(ofAccount(net))).isEmpty();
  }

  private static DeliveryFilter ofAccount(StackScope stackScope) {
    return DeliveryFilter.of(
        new DeliveryScope.OfAccount(Samples.ACME, stackScope, Optional.empty()));
  }

  private List<Delivery> list(DeliveryFilter filter) {
    return app.deliveries.list(filter, PageRequest.first()).items();
  }

  @Test
  void lists_of_unknown_webhooks_and_runs_are_refused() {
    WebhookId noWebhook = new WebhookId(new UUID(0x7000, 1L << 63));
    RunId noRun = new RunId(Samples.DEMO, "run-0");

    assertThat(refusalOf(() -> list(DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, noWebhook)))))
        .isEqualTo(new Refusal.NoSuchWebhook(noWebhook.toString()));
    assertThat(refusalOf(() -> list(DeliveryFilter.of(new DeliveryScope.OfRun(noRun)))))
        .isEqualTo(new Refusal.NoSuchRun("run-0"));
  }
}
