package dev.runhook.testkit;

import static dev.runhook.testkit.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runhook.application.Fingerprint;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.AnswerLost;
import dev.runhook.application.Refusal.KeyInUse;
import dev.runhook.application.Refusal.KeyReused;
import dev.runhook.application.RefusedException;
import dev.runhook.application.StoreBusyException;
import dev.runhook.application.repeat.KeyedRequest;
import dev.runhook.application.repeat.Repeats;
import dev.runhook.application.repeat.Repeats.Reply;
import dev.runhook.application.repeat.Repeats.Told;
import dev.runhook.application.repeat.Seal;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Reach.AllStacks;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RepeatsTest {
  private final SettableClock clock = SettableClock.atNoon();
  private final InMemoryTransactor memory = new InMemoryTransactor(clock);
  private final Transactor marking = Repeats.marking(memory);
  private final Repeats repeats = Repeats.using(memory, new CountingIds(clock));

  @Test
  void what_is_asked_again_is_told_and_not_done() {
    assertThat(ask("k", doing("first"))).isEqualTo(new Told("first", false));

    assertThat(ask("k", doing("second"))).isEqualTo(new Told("first", true));
    assertThat(stacks()).containsExactly("first");
  }

  @Test
  void after_a_day_it_is_new() {
    ask("k", doing("first"));
    clock.advance(Duration.ofHours(24).minusMillis(1));
    assertThat(ask("k", doing("second")).again()).isTrue();
    clock.advance(Duration.ofMillis(1));

    assertThat(ask("k", doing("third")).again()).isFalse();
    assertThat(stacks()).containsExactly("first", "third");
  }

  @Test
  void old_ones_are_forgotten() {
    ask("k", doing("first"));

    assertThat(repeats.tidy()).isZero();
    clock.advance(Duration.ofHours(25));
    assertThat(repeats.tidy()).isOne();
  }

  @Test
  void a_second_one_meanwhile_is_refused() {
    ask(
        "k",
        () -> {
          assertRefused(new KeyInUse(), () -> ask("k", doing("second")));
          return new Reply("first", true);
        });

    assertThat(ask("k", doing("third"))).isEqualTo(new Told("first", true));
    assertThat(stacks()).isEmpty();
  }

  @Test
  void another_content_or_token_is_refused() {
    ask("k", doing("first"));

    assertRefused(
        new KeyReused(), () -> repeats.tell(request("k", "other body", 1), doing("second")));
    assertRefused(new KeyReused(), () -> repeats.tell(request("k", "body", 2), doing("second")));
    assertThat(stacks()).containsExactly("first");
  }

  @Test
  void what_was_not_the_last_word_may_be_asked_anew() {
    ask("k", () -> new Reply("a mistake", false));

    assertThat(ask("k", doing("first"))).isEqualTo(new Told("first", false));
  }

  @Test
  void a_failure_before_any_effect_leaves_the_key_free() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ask("k", failing(new IllegalStateException())));

    assertThat(ask("k", doing("first")).again()).isFalse();
  }

  /// The process dies between the commit and the answer's keeping.
  @Test
  void an_effect_whose_answer_was_lost_is_not_made_again() {
    assertThatExceptionOfType(DeathError.class)
        .isThrownBy(() ->
            ask(
                "k",
                () -> {
                  var _ = doing("first").get();
                  throw new DeathError();
                }));

    assertRefused(new AnswerLost(), () -> ask("k", doing("second")));
    clock.advance(Duration.ofHours(1));
    assertRefused(new AnswerLost(), () -> ask("k", doing("third")));
    assertThat(stacks()).containsExactly("first");
  }

  @Test
  void what_was_rolled_back_leaves_no_mark() {
    assertThatIllegalStateException()
        .isThrownBy(() ->
            ask(
                "k",
                () -> {
                  marking.run(unit -> {
                    unit.stacks().save(stack("first"));
                    throw new IllegalStateException("on purpose");
                  });
                  return new Reply("never", true);
                }));

    assertThat(ask("k", doing("second")).again()).isFalse();
    assertThat(stacks()).containsExactly("second");
  }

  /// It stood still for so long that somebody else has begun the request anew.
  @Test
  void whoever_comes_back_too_late_has_no_effect() {
    assertThatExceptionOfType(StoreBusyException.class)
        .isThrownBy(() ->
            ask(
                "k",
                () -> {
                  clock.advance(Duration.ofMinutes(2));
                  assertThat(ask("k", doing("second")).again()).isFalse();
                  return doing("first").get();
                }));

    assertThat(stacks()).containsExactly("second");
    assertThat(ask("k", doing("third"))).isEqualTo(new Told("second", true));
  }

  @Test
  void a_seal_is_opened_by_the_same_token_alone_and_tells_nothing() {
    Seal seal = new Seal("a-token-of-somebody");

    assertThat(seal.toString()).doesNotContain("token-of");
    assertThat(ask("k", () -> new Reply("zażółć 🚀", true)).text()).isEqualTo("zażółć 🚀");
    KeyedRequest stolen =
        new KeyedRequest(
            Fingerprint.of("k"), Fingerprint.of("body"), new TokenId(new UUID(0, 1)), seal);
    assertRefused(new KeyReused(), () -> repeats.tell(stolen, doing("second")));
  }

  private static final class DeathError extends Error {
    private static final long serialVersionUID = 1;
  }

  private Told ask(String key, Supplier<Reply> handling) {
    return repeats.tell(request(key, "body", 1), handling);
  }

  private static KeyedRequest request(String key, String body, int token) {
    return new KeyedRequest(
        Fingerprint.of(key),
        Fingerprint.of(body),
        new TokenId(new UUID(0, token)),
        new Seal("secret" + token));
  }

  private Supplier<Reply> doing(String name) {
    return () -> {
      marking.run(unit -> unit.stacks().save(stack(name)));
      return new Reply(name, true);
    };
  }

  private static Supplier<Reply> failing(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  private static void assertRefused(Refusal refusal, Runnable asking) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(asking::run)
        .satisfies(thrown -> assertThat(thrown.refusal()).isEqualTo(refusal));
  }

  private static Stack stack(String name) {
    return new Stack(
        new StackId(ACME, name), name, "", List.of(), Optional.empty(), Optional.empty());
  }

  private List<String> stacks() {
    return memory.inTransaction(unit ->
        unit.stacks().list(ACME, new AllStacks(), PageRequest.first()).items().stream()
            .map(stack -> stack.id().slug())
            .toList());
  }
}
