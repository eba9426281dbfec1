package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.delivery.Replay.Selection;
import dev.runhook.domain.delivery.Replay.Status;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Requirements for stores of replays.
@Contract
public interface ReplaysContract {
  Transactor transactor();

  @Test
  default void a_replay_counts_its_own_deliveries_by_status() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    Replay replay = addReplay(fixture, webhook, Optional.of(Instant.EPOCH.plusNanos(1_000)));
    List<DeliveryId> own =
        Stream.generate(() -> fixture.addDelivery(webhook, fixture.addRun())).limit(4).toList();
    fixture.addDelivery(webhook, fixture.addRun());
    transactor()
        .run(unit -> {
          unit.replays().addDeliveries(replay.id(), own.subList(0, 1));
          unit.replays().addDeliveries(replay.id(), own.subList(1, 4));
        });
    List<LeasedDelivery> claimed = steps.claim();

    ReplayProgress before = find(fixture, webhook, replay.id()).orElseThrow();
    for (LeasedDelivery leased : claimed) {
      int position = own.indexOf(leased.lease().delivery());
      if (position == 0) {
        steps.deliver(leased);
      } else if (position != 3) {
        steps.exhaust(leased);
      }
    }
    transactor().run(unit -> unit.replays().complete(replay.id()));
    ReplayProgress after = find(fixture, webhook, replay.id()).orElseThrow();

    assertThat(before)
        .isEqualTo(new ReplayProgress(replay, Optional.empty(), Optional.empty(), 4, 0, 4));
    assertThat(after.completedAt()).isPresent();
    assertThat(after)
        .isEqualTo(new ReplayProgress(replay, after.completedAt(), Optional.empty(), 4, 2, 1))
        .returns(1, ReplayProgress::delivered);
  }

  @Test
  default void replays_of_a_webhook_are_listed_newest_first_and_in_pages() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Webhook other = fixture.addWebhook();
    List<Replay> replays =
        Stream.generate(() -> addReplay(fixture, webhook, Optional.empty())).limit(3).toList();
    addReplay(fixture, other, Optional.empty());

    Page<ReplayProgress> first = list(fixture, webhook, Optional.empty());
    Page<ReplayProgress> second = list(fixture, webhook, first.next());

    assertThat(first.items())
        .extracting(ReplayProgress::replay)
        .containsExactly(replays.get(2), replays.get(1));
    assertThat(second.items()).extracting(ReplayProgress::replay).containsExactly(replays.get(0));
    assertThat(second.next()).isEmpty();
    assertThat(find(fixture, other, replays.getFirst().id())).isEmpty();
  }

  private Replay addReplay(ContractFixture fixture, Webhook webhook, Optional<Instant> to) {
    Replay replay =
        new Replay(
            new ReplayId(fixture.newId()),
            webhook.id(),
            new Selection(
                Instant.EPOCH,
                to,
                Status.SKIPPED,
                to.map(ignored -> "run \"1\""),
                to.map(ignored -> RunState.FAILED)),
            7,
            2,
            fixture.now());
    transactor().run(unit -> unit.replays().add(replay));
    return replay;
  }

  private Optional<ReplayProgress> find(ContractFixture fixture, Webhook webhook, ReplayId id) {
    return fixture.inTransaction(unit -> unit.replays().find(webhook.id(), id));
  }

  private Page<ReplayProgress> list(
      ContractFixture fixture, Webhook webhook, Optional<String> after) {
    return fixture.inTransaction(
        unit -> unit.replays().list(webhook.id(), new PageRequest(2, after)));
  }
}
