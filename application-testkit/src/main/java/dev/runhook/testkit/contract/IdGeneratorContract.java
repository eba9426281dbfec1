package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.IdGenerator;
import dev.runhook.domain.run.RunId;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Concurrently;
import dev.runhook.testkit.contract.fixture.Contract;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Requirements for generators of ids.
@Contract
public interface IdGeneratorContract {
  int ID_COUNT = 2_000;

  IdGenerator ids();

  @Test
  default void concurrent_callers_never_get_the_same_id() throws InterruptedException {
    IdGenerator source = ids();
    Queue<Object> ids = new ConcurrentLinkedQueue<>();

    Concurrently.run(
        4,
        () -> {
          for (int i = 0; i < ID_COUNT; i++) {
            ids.add(source.next());
            ids.add(source.nextRunName());
          }
        });

    Set<Object> distinct = new HashSet<>(ids);
    assertThat(distinct).hasSize(4 * ID_COUNT * 2);
  }

  @Test
  default void ids_are_ordered_by_time_to_the_millisecond() {
    IdGenerator source = ids();

    List<UUID> ids = Stream.generate(source::next).limit(ID_COUNT).toList();

    assertThat(ids).allMatch(id -> id.version() == 7 && id.variant() == 2);
    assertThat(ids)
        .extracting(id -> id.getMostSignificantBits() >>> 16)
        .isSortedAccordingTo(Long::compareUnsigned);
  }

  @Test
  default void a_run_name_has_the_length_of_a_ulid_and_is_safe_in_a_url() {
    String name = ids().nextRunName();

    assertThat(name).matches("[0-9A-Z]{26}");
    assertThat(new RunId(Samples.DEMO, name).name()).isEqualTo(name);
  }
}
