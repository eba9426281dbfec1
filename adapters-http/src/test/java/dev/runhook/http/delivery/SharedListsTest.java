package dev.runhook.http.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.Page;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SharedListsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final List<DeliveryFilter> queries = new ArrayList<>();
  private final SharedLists lists =
      new SharedLists(
          filter -> {
            queries.add(filter);
            return Page.<Delivery>empty();
          },
          nanos::get);
  private final DeliveryFilter all =
      DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, new WebhookId(new UUID(0x7000, 1L << 63))));

  @Test
  void streams_with_the_same_filter_share_a_query() {
    Page<Delivery> first = lists.read(all);
    nanos.addAndGet(SharedLists.MAX_AGE_NANOS);

    Page<Delivery> second = lists.read(all);

    assertThat(second).isSameAs(first);
    assertThat(queries).hasSize(1);
  }

  @Test
  void streams_with_different_filters_do_not_share_a_query() {
    lists.read(all);

    lists.read(all.withStatus(Status.FAILED));

    assertThat(queries).containsExactly(all, all.withStatus(Status.FAILED));
  }

  @Test
  void an_old_page_is_read_again() {
    lists.read(all);
    nanos.addAndGet(SharedLists.MAX_AGE_NANOS + 1);

    lists.read(all);

    assertThat(queries).hasSize(2);
  }

  @Test
  void a_new_stream_reads_the_current_page_which_the_others_share() {
    lists.read(all);

    Page<Delivery> current = lists.readAgain(all);

    assertThat(queries).hasSize(2);
    assertThat(lists.read(all)).isSameAs(current);
  }

  @Test
  void other_lists_can_be_read_during_a_query() {
    List<DeliveryFilter> others = Stream.of(RunState.values()).map(all::withState).toList();
    AtomicReference<SharedLists> nested = new AtomicReference<>(lists);
    SharedLists outer =
        new SharedLists(
            filter -> {
              if (filter.equals(all)) {
                others.forEach(nested.get()::read);
              }
              queries.add(filter);
              return Page.<Delivery>empty();
            },
            nanos::get);
    nested.set(outer);

    outer.read(all);

    assertThat(queries).hasSize(others.size() + 1).containsAll(others);
  }

  @Test
  void a_failure_is_not_shared() {
    List<Integer> calls = new ArrayList<>();
    SharedLists failing =
        new SharedLists(
            ignored -> {
              calls.add(calls.size());
              throw new IllegalStateException("not reachable");
            },
            nanos::get);

    assertThatThrownBy(() -> failing.read(all)).hasMessage("not reachable");
    assertThatThrownBy(() -> failing.read(all)).hasMessage("not reachable");

    assertThat(calls).hasSize(2);
  }
}
