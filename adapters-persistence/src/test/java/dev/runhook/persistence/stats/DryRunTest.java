package dev.runhook.persistence.stats;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.stats.DryRun;
import dev.runhook.application.stats.Stats;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.BranchFilter;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.RoutingDecision;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.SequentialIdGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What webhooks would have received is what they did receive: 100 webhooks with random filters,
/// and 1,000 transitions, so 100,000 stored decisions.
@Tag("slow")
class DryRunTest {
  private static final int WEBHOOKS = 100;
  private static final int RUNS = 200;
  private static final List<RunState> STATES =
      List.of(RunState.READY, RunState.PLANNING, RunState.APPLYING, RunState.FINISHED);
  private static final List<String> BRANCHES = List.of("main", "release/1", "feature/vpc");
  private static final List<RunType> TYPES = List.of(RunType.TRACKED, RunType.PROPOSED);

  /// The stack has the first label while half of the transitions are recorded, and then the other.
  private static final List<String> LABELS = List.of("env:old", "env:new");

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private final Random random = new Random(7);
  private final InstantSource clock = InstantSource.system();
  private final RunJournal journal =
      new RunJournal(
          POSTGRES.transactor(),
          new JournalDependencies(
              new PlainPayloadRenderer(), new SequentialIdGenerator(clock), clock),
          DispatchHandoff.none(),
          Runnable::run);

  /// @param skip absent if the webhook got a delivery
  private record Decision(WebhookId webhook, EventId event, Optional<Code> skip) {
    Key key() {
      return new Key(webhook, event);
    }
  }

  private record Key(WebhookId webhook, EventId event) {}

  @Test
  void stored_decisions_are_the_same_unless_a_label_has_changed() {
    register(LABELS.getFirst());
    List<Webhook> webhooks = IntStream.range(0, WEBHOOKS).mapToObj(this::addWebhook).toList();
    IntStream.range(0, RUNS / 2).forEach(this::record);
    register(LABELS.getLast());
    IntStream.range(RUNS / 2, RUNS).forEach(this::record);

    Map<Key, Optional<Code>> stored = stored();
    Map<Key, Optional<Code>> recomputed = recompute(webhooks);

    assertThat(stored).hasSize(WEBHOOKS * RUNS * (STATES.size() + 1));
    assertThat(recomputed.keySet()).isEqualTo(stored.keySet());
    Map<WebhookId, Subscription> filters = new HashMap<>();
    webhooks.forEach(each -> filters.put(each.id(), each.settings().subscription()));
    int explained = 0;
    for (Map.Entry<Key, Optional<Code>> decision : stored.entrySet()) {
      Optional<Code> now = requireNonNull(recomputed.get(decision.getKey()));
      if (!decision.getValue().equals(now)) {
        assertThat(requireNonNull(filters.get(decision.getKey().webhook())).stackLabels())
            .isNotEmpty();
        assertThat(List.of(decision.getValue(), now))
            .contains(Optional.of(Code.SKIPPED_STACK_LABELS));
        explained++;
      }
    }
    assertThat(explained).isBetween(1, stored.size() / 4);
    webhooks.forEach(webhook -> assertDryRunCounts(webhook, recomputed));
  }

  private void assertDryRunCounts(Webhook webhook, Map<Key, Optional<Code>> recomputed) {
    DryRun dryRun =
        new Stats(POSTGRES.transactor())
            .dryRun(
                Samples.DEMO,
                new DryRun.Filters(
                    StackSelector.all(), webhook.settings().subscription(), Format.RUNHOOK),
                Duration.ofDays(1));
    Map<Code, Integer> skipped = new EnumMap<>(Code.class);
    recomputed.forEach((key, skip) -> {
      if (key.webhook().equals(webhook.id())) {
        skip.ifPresent(code -> skipped.merge(code, 1, Integer::sum));
      }
    });

    assertThat(dryRun.skipped()).isEqualTo(skipped);
    assertThat(dryRun.examined()).isEqualTo(RUNS * (STATES.size() + 1));
    assertThat(dryRun.sent())
        .isEqualTo(dryRun.examined() - skipped.values().stream().mapToInt(count -> count).sum());
  }

  private Map<Key, Optional<Code>> stored() {
    Map<Key, Optional<Code>> stored = new HashMap<>();
    POSTGRES
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    select webhook_id, event_id, reason from runhook.skipped_delivery
                    union all
                    select webhook_id, event_id, null from runhook.delivery_queue
                    """)
                .map((row, ignored) ->
                    new Decision(
                        new WebhookId(row.getObject("webhook_id", UUID.class)),
                        new EventId(row.getObject("event_id", UUID.class)),
                        Optional.ofNullable(row.getString("reason")).map(Code::valueOf)))
                .list())
        .forEach(each -> stored.put(each.key(), each.skip()));
    return stored;
  }

  private Map<Key, Optional<Code>> recompute(List<Webhook> webhooks) {
    Map<Key, Optional<Code>> recomputed = new HashMap<>();
    POSTGRES
        .transactor()
        .run(unit ->
            unit.statsQueries()
                .readTransitions(
                    List.of(journal.stack(Samples.DEMO)),
                    Instant.EPOCH,
                    Integer.MAX_VALUE,
                    change ->
                        webhooks.forEach(webhook ->
                            recomputed.put(
                                new Key(webhook.id(), change.id()),
                                switch (RoutingDecision.of(
                                    change, webhook.settings().subscription(), Format.RUNHOOK)) {
                                  case RoutingDecision.Deliver ignored -> Optional.empty();
                                  case RoutingDecision.Skip(var reason) ->
                                      Optional.of(reason.code());
                                }))));
    return recomputed;
  }

  private void register(String label) {
    journal.register(
        new Stack(Samples.DEMO, "Demo", "", List.of(label), Optional.empty(), Optional.empty()));
  }

  private Webhook addWebhook(int number) {
    Subscription subscription =
        Subscription.all()
            .withStates(random.nextBoolean() ? Set.of() : Set.of(any(STATES)))
            .withTypes(random.nextInt(3) > 0 ? Set.of() : Set.of(any(TYPES)))
            .withDriftDetection(maybe())
            .withPreviousStates(random.nextInt(4) > 0 ? Set.of() : Set.of(any(STATES)))
            .withBranches(
                random.nextBoolean() ? BranchFilter.all() : BranchFilter.of(List.of(any(BRANCHES))))
            .withDelta(maybe())
            .withStackLabels(random.nextInt(3) > 0 ? Set.of() : Set.of(any(LABELS)));
    return POSTGRES
        .transactor()
        .inTransaction((UnitOfWork unit) -> {
          WebhookSettings settings =
              new WebhookSettings(
                  Samples.endpoint(number),
                  "",
                  subscription,
                  CustomHeaders.none(),
                  DeliverySettings.defaults());
          Webhook webhook =
              new Webhook(
                  new WebhookId(StoreFixture.newId()),
                  Samples.DEMO,
                  settings,
                  1,
                  SigningKeys.of(Samples.secret()),
                  Health.healthy(),
                  Samples.NOON,
                  Samples.NOON);
          unit.webhooks().add(webhook);
          return webhook;
        });
  }

  private Optional<Boolean> maybe() {
    return random.nextInt(4) > 0 ? Optional.empty() : Optional.of(random.nextBoolean());
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private void record(int number) {
    RunId run = new RunId(Samples.DEMO, "run-" + number);
    RunDetails details =
        new RunDetails(
            any(TYPES),
            any(BRANCHES),
            Commit.of("0ee3f1c"),
            Optional.empty(),
            Optional.empty(),
            maybe(),
            Optional.empty());
    journal.start(NewRun.of(details, TransitionReport.of(run, RunState.QUEUED)));
    for (RunState state : STATES) {
      TransitionReport report = TransitionReport.of(run, state);
      journal.record(
          random.nextInt(3) > 0 ? report : report.withDelta(new Delta(random.nextInt(2), 0, 0, 0)));
    }
  }
}
