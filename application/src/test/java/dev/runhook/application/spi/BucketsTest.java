package dev.runhook.application.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.StackId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketsTest {
  private static final Buckets SIXTEEN = new Buckets(16);

  /// Stored stacks would not be found if these changed.
  @Test
  void stacks_stay_in_their_buckets() {
    assertThat(IntStream.range(0, 6).mapToObj(BucketsTest::stack).map(SIXTEEN::of))
        .containsExactly(12, 10, 0, 6, 5, 3);
    assertThat(IntStream.range(0, 6).mapToObj(BucketsTest::stack).map(new Buckets(3)::of))
        .hasSize(6)
        .allMatch(bucket -> bucket >= 0 && bucket < 3);
    assertThat(new Buckets(1).of(stack(1))).isZero();
  }

  @Test
  void stacks_are_divided_evenly() {
    Map<Integer, Long> counts =
        IntStream.range(0, 16_000)
            .mapToObj(BucketsTest::stack)
            .collect(Collectors.groupingBy(SIXTEEN::of, Collectors.counting()));

    assertThat(counts.values()).hasSize(16).allMatch(count -> count > 850 && count < 1_150);
  }

  @Test
  void an_id_contains_the_bucket_of_its_stack_and_stays_a_uuid_of_version_7() {
    UUID plain = UUID.fromString("0198a2b0-1234-7fff-bfff-ffffffffffff");
    IdGenerator ids = SIXTEEN.ids(generator(plain));

    for (int number = 0; number < 100; number++) {
      UUID id = ids.next(stack(number));

      assertThat(SIXTEEN.of(id)).isEqualTo(SIXTEEN.of(stack(number)));
      assertThat(id.version()).isEqualTo(7);
      assertThat(id.variant()).isEqualTo(2);
      assertThat(id.toString()).startsWith("0198a2b0-1234-7").endsWith("bfff-ffffffffffff");
    }
    assertThat(ids.next()).isEqualTo(plain);
  }

  @Test
  void with_one_bucket_nothing_changes() {
    IdGenerator plain = generator(UUID.fromString("0198a2b0-1234-7fff-bfff-ffffffffffff"));

    assertThat(new Buckets(1).ids(plain)).isSameAs(plain);
    assertThat(new Buckets(1).of(plain.next())).isZero();
  }

  @Test
  void every_id_belongs_to_a_bucket() {
    assertThat(new Buckets(3).of(new UUID(-1, -1))).isBetween(0, 2);
  }

  @Test
  void the_number_of_buckets_is_limited() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Buckets(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Buckets(65));
    assertThatIllegalArgumentException().isThrownBy(() -> SIXTEEN.router(List.of()));
  }

  private static StackId stack(int number) {
    return new StackId(new AccountId("acme"), "stack-" + number);
  }

  private static IdGenerator generator(UUID id) {
    return new IdGenerator() {
      @Override
      public UUID next() {
        return id;
      }

      @Override
      public String nextRunName() {
        return "run";
      }
    };
  }
}
