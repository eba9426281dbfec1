package dev.runhook.application.dispatch;

import static dev.runhook.testkit.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.RecordResult.Failed;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Four buckets, of which one can be unavailable.
class UnavailableBucketTest {
  private static final Buckets BUCKETS = new Buckets(4);

  private final ApplicationFixture application = new ApplicationFixture();
  private final SettableClock clock = application.clock;
  private final List<Bucket> stores = Stream.generate(() -> new Bucket(clock)).limit(4).toList();
  private final BucketRouter buckets = BUCKETS.router(List.copyOf(stores));
  private final IdGenerator ids = BUCKETS.ids(new SequentialIdGenerator(clock));
  private final Dispatcher dispatcher =
      application.dispatcher(buckets, ApplicationFixture.CONFIG, Runnable::run);
  private final RunJournal journal =
      new RunJournal(
          buckets,
          new JournalDependencies(new PlainPayloadRenderer(), ids, clock),
          DispatchHandoff.none(),
          Runnable::run);
  private final List<StackId> stacks =
      IntStream.range(0, 4).mapToObj(UnavailableBucketTest::stackIn).toList();

  @BeforeEach
  void create() {
    WebhookAdmin webhooks =
        new WebhookAdmin(
            buckets,
            WebhookConfig.of(new EgressPolicy(List.of()), new PlainPayloadRenderer()),
            ids,
            clock,
            new Random(7));
    for (StackId stack : stacks) {
      journal.register(
          new Stack(stack, stack.slug(), "", List.of(), Optional.empty(), Optional.empty()));
      webhooks.create(
          stack, CreateWebhookRequest.of(Samples.endpoint(1).text()), ApplicationFixture.ADA);
      journal.start(Samples.newRun(new RunId(stack, "run")));
    }
  }

  @Test
  void deliveries_of_all_buckets_are_sent() {
    dispatcher.poll();

    assertThat(application.transport.requests()).hasSize(4);
    assertThat(dispatcher.poll().claimed()).isZero();
  }

  @Test
  void a_dispatcher_that_was_not_woken_polls_only_buckets_in_which_something_may_be_due()
      throws InterruptedException {
    dispatcher.poll();
    dispatcher.poll();
    int before = transactions();

    dispatcher.awaitWork(Duration.ZERO);
    Optional<Duration> next = dispatcher.poll().timeUntilNextDue();
    int afterTimeout = transactions();
    dispatcher.handoff().wake();
    dispatcher.awaitWork(Duration.ZERO);
    dispatcher.poll();
    int afterWake = transactions();
    dispatcher.awaitWork(Duration.ZERO);
    clock.advance(next.orElseThrow());
    dispatcher.poll();

    assertThat(afterTimeout).isEqualTo(before);
    assertThat(afterWake).isGreaterThanOrEqualTo(afterTimeout + 4);
    assertThat(transactions()).isGreaterThanOrEqualTo(afterWake + 4);
  }

  private int transactions() {
    return stores.stream().mapToInt(store -> store.transactions).sum();
  }

  @Test
  void a_retry_is_sent_when_it_is_due_although_nothing_wakes_its_bucket()
      throws InterruptedException {
    application.transport.respondByDefault(Samples.endpoint(1), Outcome.Responded.of(500));
    dispatcher.poll();
    int sent = application.transport.requests().size();

    Duration waited = Duration.ZERO;
    while (application.transport.requests().size() == sent) {
      dispatcher.awaitWork(Duration.ZERO);
      Duration next = dispatcher.poll().timeUntilNextDue().orElseThrow();
      clock.advance(next);
      waited = waited.plus(next);
    }

    assertThat(waited).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(10)); // with jitter
  }

  @Test
  void the_deliveries_of_the_other_buckets_are_sent_and_the_rest_follows() {
    stores.get(2).available = false;

    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(dispatcher::poll);
    int sent = application.transport.requests().size();
    dispatcher.poll();
    stores.get(2).available = true;
    dispatcher.poll();
    dispatcher.poll();

    assertThat(sent).isEqualTo(3);
    assertThat(application.transport.requests()).hasSize(4);
  }

  @Test
  void an_unavailable_bucket_delays_only_the_check_whether_it_is_available() {
    stores.get(2).available = false;
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(dispatcher::poll);
    int before = stores.get(2).transactions;

    dispatcher.poll();

    assertThat(stores.get(2).transactions).isEqualTo(before + 1);
  }

  @Test
  void reports_to_the_other_buckets_are_recorded() {
    stores.get(1).available = false;

    var results =
        journal.recordAll(
            stacks.stream()
                .map(stack -> TransitionReport.of(new RunId(stack, "run"), RunState.PREPARING))
                .toList());

    assertThat(results.get(1)).isInstanceOf(Failed.class);
    assertThat(List.of(results.getFirst(), results.get(2), results.getLast()))
        .hasOnlyElementsOfType(Recorded.class)
        .extracting(result -> result.orThrow().run().id().stack())
        .containsExactly(stacks.getFirst(), stacks.get(2), stacks.getLast());
  }

  @Test
  void a_list_misses_only_the_stacks_of_unavailable_buckets() {
    stores.get(1).available = false;
    StackScope scope = StackScope.of(stacks.getFirst().slug());

    Page<Stack> page = journal.stacks(ACME, scope, PageRequest.first());

    assertThat(page.items()).hasSize(1);
    assertThat(page.unavailableBuckets()).isEmpty();
    Page<Stack> all = journal.stacks(ACME, new StackScope.All(), PageRequest.first());
    assertThat(all.items()).hasSize(stacks.size() - 1);
    assertThat(all.unavailableBuckets()).hasSize(1);
  }

  @Test
  void the_limit_of_stacks_includes_all_buckets() {
    RunJournal limited =
        new RunJournal(
            buckets,
            new JournalDependencies(new PlainPayloadRenderer(), ids, clock).withMaxStacks(4),
            DispatchHandoff.none(),
            Runnable::run);
    Stack fifth =
        new Stack(
            new StackId(ACME, "fifth"), "Fifth", "", List.of(), Optional.empty(), Optional.empty());

    assertThat(limited.register(limited.stack(stacks.getFirst()))).isFalse();
    assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> limited.register(fifth));
  }

  private static StackId stackIn(int bucket) {
    return IntStream.iterate(0, number -> number + 1)
        .mapToObj(number -> new StackId(ACME, "stack-" + number))
        .filter(stack -> BUCKETS.of(stack) == bucket)
        .findFirst()
        .orElseThrow();
  }

  private static final class Bucket implements Transactor {
    private final InMemoryTransactor store;
    private boolean available = true;
    private int transactions;

    Bucket(SettableClock clock) {
      this.store = new InMemoryTransactor(clock);
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      transactions++;
      if (!available) {
        throw new StoreUnavailableException("unavailable", new IllegalStateException());
      }
      return store.<T>inTransaction(work);
    }
  }
}
