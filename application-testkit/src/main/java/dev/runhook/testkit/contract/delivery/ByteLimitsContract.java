package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.ByteLimits;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Requirements for the limits of bytes: what does not fit stays due, as if it had never been
/// leased.
@Contract
public interface ByteLimitsContract {
  Transactor transactor();

  @Test
  default void deliveries_are_claimed_until_their_payloads_reach_the_limit() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook webhook = fixture.addWebhook();
    List<DeliveryId> due = addPings(fixture, webhook, 5, 1_000);

    List<LeasedDelivery> first = claim(steps, limits(1_500));
    List<LeasedDelivery> rest = claim(steps, ByteLimits.none());

    assertThat(DispatchSteps.ids(first)).containsExactlyElementsOf(due.subList(0, 2));
    assertThat(DispatchSteps.ids(rest)).containsExactlyElementsOf(due.subList(2, 5));
    assertThat(first).extracting(leased -> leased.content().payload()).containsOnly(payload(1_000));
    assertThat(rest).extracting(LeasedDelivery::lease).extracting(Lease::attempt).containsOnly(1);
  }

  @Test
  default void a_delivery_that_is_larger_than_all_limits_is_claimed_alone() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    List<DeliveryId> due = addPings(fixture, fixture.addWebhook(), 2, 100_000);

    List<LeasedDelivery> claimed = claim(steps, new ByteLimits(1, 1, 1, Map.of()));

    assertThat(DispatchSteps.ids(claimed)).containsExactly(due.getFirst());
    assertThat(claimed.getFirst().content().payload()).isEqualTo(payload(100_000));
  }

  @Test
  default void small_deliveries_are_claimed_with_a_large_one() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    addPings(fixture, fixture.addWebhook(), 1, 900);
    addPings(fixture, fixture.addWebhook(), 3, 10);

    List<LeasedDelivery> claimed = claim(steps, limits(1_000));

    assertThat(claimed)
        .extracting(leased -> leased.content().payload().length())
        .containsExactlyInAnyOrder(900, 10, 10, 10);
  }

  @Test
  default void custom_headers_count_for_each_delivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook one = addWebhookWithHeaders(fixture);
    Webhook other = addWebhookWithHeaders(fixture);
    addPings(fixture, one, 3, 10);
    addPings(fixture, other, 3, 10);

    List<LeasedDelivery> claimed = claim(steps, limits(17_000));

    assertThat(claimed)
        .extracting(LeasedDelivery::webhook)
        .containsExactlyInAnyOrder(one, other, one);
    assertThat(claim(steps, ByteLimits.none()))
        .extracting(LeasedDelivery::webhook)
        .containsExactlyInAnyOrder(other, one, other);
  }

  @Test
  default void headers_beyond_the_limit_leave_their_deliveries_due() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    List<Webhook> webhooks =
        IntStream.range(0, 3).mapToObj(ignored -> addWebhookWithHeaders(fixture)).toList();
    webhooks.forEach(webhook -> addPings(fixture, webhook, 2, 10));

    List<LeasedDelivery> first = claim(steps, limits(1));
    List<LeasedDelivery> rest = claim(steps, ByteLimits.none());

    assertThat(first).hasSize(1);
    assertThat(rest).hasSize(5);
    assertThat(rest).extracting(LeasedDelivery::webhook).isSubsetOf(webhooks);
  }

  @Test
  default void failing_webhooks_and_each_webhook_have_limits_of_their_own() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook failing = fixture.addWebhook(new Health.Active(2));
    Webhook busy = fixture.addWebhook();
    Webhook full = fixture.addWebhook();
    Webhook healthy = fixture.addWebhook();
    List.of(failing, busy, full, healthy).forEach(webhook -> addPings(fixture, webhook, 4, 1_000));

    List<LeasedDelivery> claimed =
        claim(
            steps,
            new ByteLimits(100_000, 1_500, 3_000, Map.of(busy.id(), 2_000L, full.id(), 3_000L)));

    assertThat(claimed)
        .extracting(LeasedDelivery::webhook)
        .containsExactlyInAnyOrder(failing, failing, busy, healthy, healthy, healthy);
    assertThat(claim(steps, ByteLimits.none())).hasSize(16 - 6);
  }

  @Test
  default void a_probe_that_does_not_fit_is_made_by_the_next_claim() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    List<WebhookId> paused =
        IntStream.range(0, 2)
            .mapToObj(ignored -> {
              Webhook webhook =
                  fixture.addWebhook(
                      new Health.Paused(
                          fixture.now(), 10, fixture.now().minusSeconds(1), "a timeout"));
              addPings(fixture, webhook, 1, 1_000);
              return webhook.id();
            })
            .toList();

    List<LeasedDelivery> first = claim(steps, limits(1));
    List<LeasedDelivery> second = claim(steps, limits(1));

    assertThat(List.of(first.getFirst().webhook().id(), second.getFirst().webhook().id()))
        .containsExactlyInAnyOrderElementsOf(paused);
    assertThat(first).hasSize(1);
    assertThat(second).hasSize(1);
  }

  @Test
  default void promoted_deliveries_that_do_not_fit_are_due() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    DeliveryId next = fixture.addDelivery(webhook, run);
    LeasedDelivery head = steps.claim().getFirst();

    List<LeasedDelivery> leased =
        steps.deliverAndLeaseNext(head, new ByteLimits(1, 1, 1, Map.of(webhook.id(), 1L)));

    assertThat(leased).isEmpty();
    assertThat(steps.claimIds()).containsExactly(next);
  }

  private static List<LeasedDelivery> claim(DispatchSteps steps, ByteLimits bytes) {
    return steps.claimAll(new ClaimRequest(DispatchSteps.AN_HOUR, 100, 100, 100, Map.of(), bytes));
  }

  private static ByteLimits limits(long total) {
    return new ByteLimits(total, total, total, Map.of());
  }

  private static List<DeliveryId> addPings(
      ContractFixture fixture, Webhook webhook, int count, int payloadLength) {
    return IntStream.range(0, count)
        .mapToObj(ignored ->
            fixture.inTransaction(unit -> {
              NewDelivery ping = fixture.newPing(unit, webhook, payload(payloadLength));
              unit.deliveries().add(List.of(ping), Duration.ZERO);
              return ping.id();
            }))
        .toList();
  }

  private static Payload payload(int length) {
    return Payload.of("x".repeat(length));
  }

  /// Adds a webhook with 8,000 characters of headers.
  private static Webhook addWebhookWithHeaders(ContractFixture fixture) {
    List<Header> headers =
        List.of(new Header("One", "1".repeat(3_997)), new Header("Two", "2".repeat(3_997)));
    Webhook plain = fixture.unsavedWebhook(fixture.stackId(), fixture.newEndpoint());
    WebhookSettings settings =
        new WebhookSettings(
            plain.settings().endpoint(),
            "",
            Subscription.all(),
            new CustomHeaders(headers),
            DeliverySettings.defaults());
    Webhook webhook = plain.edited(settings, plain.createdAt());
    return fixture.inTransaction(unit -> {
      unit.webhooks().add(webhook);
      return webhook;
    });
  }
}
