package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Reach.AllStacks;
import dev.runhook.domain.account.Reach.SomeStacks;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEntry;
import dev.runhook.domain.audit.AuditId;
import dev.runhook.domain.audit.Deed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What a store does with entries of the audit.
@Promises
public interface AuditContract {
  Transactor transactor();

  @Test
  default void an_entry_comes_back_as_it_was() {
    Scene scene = Scene.on(transactor());
    AuditEntry whole = entry(scene, "Überwachung", AuditAction.WEBHOOK_DELETED, "demo");
    AuditEntry bare =
        new AuditEntry(
            new AuditId(scene.newId()),
            scene.now(),
            "host",
            Optional.empty(),
            new Deed(
                AuditAction.TOKEN_REVOKED,
                scene.account(),
                Optional.empty(),
                Optional.empty(),
                "a \"detail\""));

    add(scene, whole, bare);

    assertThat(all(scene)).containsExactly(bare, whole);
  }

  @Test
  default void entries_are_gone_with_a_unit_that_is_rolled_back() {
    Scene scene = Scene.on(transactor());
    AuditEntry entry = entry(scene, "ops", AuditAction.WEBHOOK_CREATED, "demo");

    try {
      transactor()
          .run(unit -> {
            unit.audit().add(entry);
            throw new ArithmeticException("no");
          });
    } catch (ArithmeticException _) {
      assertThat(all(scene)).isEmpty();
      return;
    }
    throw new AssertionError("it was kept");
  }

  @Test
  default void pages_neither_repeat_nor_skip() {
    Scene scene = Scene.on(transactor());
    List<AuditEntry> added = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      added.add(entry(scene, "ops", AuditAction.WEBHOOK_PINGED, "demo"));
    }
    added.forEach(entry -> add(scene, entry));

    List<AuditEntry> seen = new ArrayList<>();
    PageRequest request = new PageRequest(3, Optional.empty());
    Optional<String> next;
    do {
      PageRequest now = request;
      Page<AuditEntry> page =
          scene.in(
              unit -> unit.audit().list(AuditFilter.of(scene.account(), new AllStacks()), now));
      seen.addAll(page.items());
      next = page.next();
      request = next.map(now::from).orElse(now);
      add(scene, entry(scene, "late", AuditAction.WEBHOOK_PINGED, "demo"));
    } while (next.isPresent());

    assertThat(seen).containsExactlyElementsOf(added.reversed());
  }

  @Test
  default void each_filter_lets_through_what_it_says() {
    Scene scene = Scene.on(transactor());
    AuditEntry one = entry(scene, "ops", AuditAction.WEBHOOK_CREATED, "demo");
    AuditEntry other = entry(scene, "ci", AuditAction.SECRET_READ, "net");
    AuditEntry none =
        new AuditEntry(
            new AuditId(scene.newId()),
            one.at().plusSeconds(60),
            "ops",
            Optional.empty(),
            new Deed(
                AuditAction.TOKEN_CREATED,
                scene.account(),
                Optional.empty(),
                Optional.empty(),
                ""));
    add(scene, one, other, none);
    AuditEntry foreign = entry(Scene.on(transactor()), "ops", AuditAction.SECRET_READ, "demo");
    add(scene, foreign);
    Optional<String> nobody = Optional.empty();
    Instant later = one.at().plusSeconds(60);

    assertThat(all(scene)).containsExactly(none, other, one);
    assertThat(some(scene, Optional.of("ops"), Optional.empty(), nobody))
        .containsExactly(none, one);
    assertThat(some(scene, Optional.of(token(other)), Optional.empty(), nobody))
        .containsExactly(other);
    assertThat(some(scene, nobody, Optional.of(AuditAction.SECRET_READ), nobody))
        .containsExactly(other);
    assertThat(some(scene, nobody, Optional.empty(), Optional.of("demo"))).containsExactly(one);
    assertThat(between(scene, Optional.of(later), Optional.empty())).containsExactly(none);
    assertThat(between(scene, Optional.empty(), Optional.of(later))).containsExactly(other, one);
  }

  @Test
  default void a_limited_reach_sees_its_stacks_alone() {
    Scene scene = Scene.on(transactor());
    AuditEntry own = entry(scene, "ops", AuditAction.WEBHOOK_CREATED, "demo");
    AuditEntry other = entry(scene, "ops", AuditAction.WEBHOOK_CREATED, "net");
    AuditEntry none =
        new AuditEntry(
            new AuditId(scene.newId()),
            scene.now(),
            "ops",
            Optional.empty(),
            new Deed(
                AuditAction.TOKEN_CREATED,
                scene.account(),
                Optional.empty(),
                Optional.empty(),
                ""));
    add(scene, own, other, none);

    List<AuditEntry> seen =
        scene
            .in(unit ->
                unit.audit()
                    .list(
                        AuditFilter.of(scene.account(), new SomeStacks(Set.of("demo", "gone"))),
                        PageRequest.first()))
            .items();

    assertThat(seen).containsExactly(own);
  }

  private static String token(AuditEntry entry) {
    return entry.token().orElseThrow().toString();
  }

  private static AuditEntry entry(Scene scene, String actor, AuditAction action, String stack) {
    return new AuditEntry(
        new AuditId(scene.newId()),
        scene.now(),
        actor,
        Optional.of(new TokenId(UUID.nameUUIDFromBytes(new byte[] {(byte) actor.length()}))),
        new Deed(
            action,
            scene.account(),
            Optional.of(stack),
            Optional.of(scene.newId()),
            "endpoint, name"));
  }

  private static void add(Scene scene, AuditEntry... entries) {
    scene.in(unit -> {
      List.of(entries).forEach(unit.audit()::add);
      return entries.length;
    });
  }

  private static List<AuditEntry> all(Scene scene) {
    return some(scene, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static List<AuditEntry> some(
      Scene scene, Optional<String> actor, Optional<AuditAction> action, Optional<String> stack) {
    return found(
        scene,
        new AuditFilter(
            scene.account(),
            new AllStacks(),
            actor,
            action,
            stack,
            Optional.empty(),
            Optional.empty()));
  }

  private static List<AuditEntry> between(
      Scene scene, Optional<Instant> from, Optional<Instant> to) {
    return found(
        scene,
        new AuditFilter(
            scene.account(),
            new AllStacks(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            from,
            to));
  }

  private static List<AuditEntry> found(Scene scene, AuditFilter filter) {
    return scene.in(unit -> unit.audit().list(filter, PageRequest.first())).items();
  }
}
