package dev.runhook.application.webhook;

import static dev.runhook.testkit.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.webhook.Webhook;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Changes of account webhooks while one of four buckets is unavailable.
class UnavailableBucketCopiesTest extends AccountWebhookFixture {
  UnavailableBucketCopiesTest() {
    super(4);
  }

  @Test
  void a_change_reaches_every_available_bucket_at_once() {
    Webhook created = create(StackSelector.all());
    stores.getLast().failAfter = 0;

    setEnabled(created, false);

    assertThat(copiesIn(stores.subList(0, 3))).isNotEmpty().noneMatch(Webhook::isEnabled);
    assertThat(stored(created).selectorOwner().isCopied()).isFalse();
  }

  @Test
  void the_periodic_copy_reaches_every_available_bucket_and_then_fails() {
    List<Webhook> created = List.of(create(StackSelector.all()), create(StackSelector.all()));
    stores.get(1).failAfter = 0;
    created.forEach(webhook -> setEnabled(webhook, false));
    stores.get(1).failAfter = Integer.MAX_VALUE;
    stores.get(2).failAfter = 0;

    assertThatThrownBy(admin::copyChanges).isInstanceOf(StoreUnavailableException.class);
    assertThat(copiesIn(stores.subList(1, 2))).isNotEmpty().noneMatch(Webhook::isEnabled);
    assertThat(created).noneMatch(webhook -> stored(webhook).selectorOwner().isCopied());

    stores.get(2).failAfter = Integer.MAX_VALUE;
    assertThat(admin.copyChanges()).isEqualTo(2);
    assertThat(copiesIn(stores)).noneMatch(Webhook::isEnabled);
    assertThat(created).allMatch(webhook -> stored(webhook).selectorOwner().isCopied());
  }

  private static List<Webhook> copiesIn(List<Bucket> buckets) {
    return buckets.stream()
        .flatMap(bucket ->
            bucket
                .inTransaction(
                    unit -> unit.webhooks().list(ACME, new StackScope.All(), PageRequest.first()))
                .items()
                .stream())
        .toList();
  }
}
