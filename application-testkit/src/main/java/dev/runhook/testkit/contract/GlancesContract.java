package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Pulse;
import dev.runhook.application.Pulse.Beat;
import dev.runhook.application.StackGlance;
import dev.runhook.application.StackGlance.WebhookCounts;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Reach.AllStacks;
import dev.runhook.domain.account.Reach.SomeStacks;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/// What a store tells at a glance.
@Promises
public interface GlancesContract {
  Transactor transactor();

  @Test
  default void a_stack_is_seen_with_its_latest_run_and_how_its_webhooks_do() {
    Scene scene = Scene.on(transactor());
    Webhook well = scene.webhook();
    scene.webhook(new Health.Active(3));
    scene.webhook(new Health.Paused(scene.now(), 10, scene.now(), "10 attempts in a row failed"));
    scene.webhook(new Health.Disabled(scene.now(), "switched off"));
    scene.run();
    RunId latest = scene.run();
    scene.deliver(well, latest, RunState.PLANNING);

    StackGlance glance = only(scene, new AllStacks(), "");

    assertThat(glance.stack()).isEqualTo(scene.stack());
    assertThat(glance.webhooks()).isEqualTo(new WebhookCounts(4, 1, 1, 1));
    assertThat(glance.latestRun())
        .hasValueSatisfying(run -> {
          assertThat(run.name()).isEqualTo(latest.name());
          assertThat(run.state()).isEqualTo(RunState.PLANNING);
          assertThat(run.version()).isEqualTo(2);
        });
  }

  @Test
  default void a_stack_on_which_nothing_is_yet_is_seen_too() {
    Scene scene = Scene.on(transactor());

    StackGlance glance = only(scene, new AllStacks(), "");

    assertThat(glance)
        .isEqualTo(new StackGlance(scene.stack(), Optional.empty(), new WebhookCounts(0, 0, 0, 0)));
  }

  @Test
  default void stacks_are_found_by_a_part_of_slug_or_name_and_only_within_reach() {
    Scene scene = Scene.on(transactor());
    scene.newStack("Net-eu");
    scene.newStack("net-us");
    scene.newStack("dns");

    assertThat(slugs(scene, new AllStacks(), "NET")).containsExactly("Net-eu", "net-us");
    assertThat(slugs(scene, new AllStacks(), "Dem")).containsExactly("demo");
    assertThat(slugs(scene, new AllStacks(), "%")).isEmpty();
    assertThat(slugs(scene, new SomeStacks(Set.of("net-us", "dns")), "net"))
        .containsExactly("net-us");
    assertThat(slugs(scene, new SomeStacks(Set.of("net-us", "dns")), ""))
        .containsExactly("dns", "net-us");
  }

  @Test
  default void found_stacks_come_in_pages() {
    Scene scene = Scene.on(transactor());
    List.of("a", "b", "c").forEach(scene::newStack);
    PageRequest two = new PageRequest(2, Optional.empty());

    Page<StackGlance> first = stacks(scene, new AllStacks(), "", two);
    Page<StackGlance> second =
        stacks(scene, new AllStacks(), "", two.from(first.next().orElseThrow()));

    assertThat(first.items())
        .extracting(glance -> glance.stack().id().slug())
        .containsExactly("a", "b");
    assertThat(second.items())
        .extracting(glance -> glance.stack().id().slug())
        .containsExactly("c", "demo");
    assertThat(second.next()).isEmpty();
  }

  @Test
  default void a_pulse_counts_what_became_of_the_webhooks_deliveries_alone() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    Webhook other = scene.webhook();
    Claims claims = Claims.on(scene);
    for (int i = 0; i < 3; i++) {
      scene.deliver(webhook, scene.run());
    }
    scene.deliver(other, scene.run());
    List<Parcel> parcels =
        claims.claim().stream().filter(it -> it.webhook().id().equals(webhook.id())).toList();
    claims.deliver(parcels.get(0));
    claims.giveUp(parcels.get(1));

    Pulse pulse = scene.in(unit -> unit.glances().pulse(webhook.id(), Pulse.Span.HOUR, 10));

    assertThat(pulse.step()).isEqualTo(Duration.ofMinutes(1));
    assertThat(pulse.truncated()).isFalse();
    assertThat(pulse.beats()).hasSize(60);
    assertThat(sum(pulse, Beat::delivered)).isEqualTo(1);
    assertThat(sum(pulse, Beat::failed)).isEqualTo(1);
    assertThat(sum(pulse, Beat::pending)).isEqualTo(1);
    assertThat(pulse.beats())
        .filteredOn(beat -> beat.delivered() > 0)
        .allSatisfy(beat -> {
          assertThat(beat.median())
              .hasValueSatisfying(it -> assertThat(it).isLessThan(pulse.step()));
          assertThat(beat.p99()).isEqualTo(beat.median());
        });
    assertThat(pulse.beats())
        .filteredOn(beat -> beat.delivered() == 0)
        .allSatisfy(beat -> assertThat(beat.median()).isEmpty());
  }

  @Test
  default void a_pulse_counts_so_many_in_a_step_and_says_so_where_there_are_more() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    for (int i = 0; i < 4; i++) {
      scene.deliver(webhook, scene.run());
    }

    Pulse pulse = scene.in(unit -> unit.glances().pulse(webhook.id(), Pulse.Span.DAY, 1));

    assertThat(pulse.truncated()).isTrue();
    assertThat(pulse.beats()).hasSize(96);
    assertThat(pulse.beats()).extracting(Beat::pending).contains(1).containsOnly(0, 1);
  }

  private static int sum(Pulse pulse, ToIntFunction<Beat> count) {
    return pulse.beats().stream().mapToInt(count).sum();
  }

  private static StackGlance only(Scene scene, Reach reach, String search) {
    List<StackGlance> items = stacks(scene, reach, search, PageRequest.first()).items();
    assertThat(items).hasSize(1);
    return items.getFirst();
  }

  private static List<String> slugs(Scene scene, Reach reach, String search) {
    return stacks(scene, reach, search, PageRequest.first()).items().stream()
        .map(glance -> glance.stack().id().slug())
        .toList();
  }

  private static Page<StackGlance> stacks(
      Scene scene, Reach reach, String search, PageRequest page) {
    Optional<String> part = Optional.of(search).filter(text -> !text.isEmpty());
    return scene.in(unit -> unit.glances().stacks(scene.account(), reach, part, page));
  }
}
