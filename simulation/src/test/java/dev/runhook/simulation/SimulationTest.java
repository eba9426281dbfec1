package dev.runhook.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class SimulationTest {
  private static final long[] ONCE_FAILED = {
    225,
    34_480_196_539L,
    84_005_239_895L,
    84_005_240_374L,
    84_928_614_255L,
    85_232_217_708L,
    350_121_136_206L
  };

  private final Simulation simulation = Simulation.correct();

  @Test
  void the_engine_keeps_its_promises_in_worlds_with_faults() {
    LongStream seeds = LongStream.concat(LongStream.range(0, 40), LongStream.of(ONCE_FAILED));

    List<Long> failed = seeds.filter(seed -> simulation.run(seed).isPresent()).boxed().toList();

    assertThat(failed).isEmpty();
  }

  @Test
  void the_engine_keeps_its_promises_in_all_orders_that_differ_once() {
    Orders orders = new Orders(1);

    Optional<Violation> found = orders.explore();

    assertThat(found).isEmpty();
    assertThat(orders.worlds()).isGreaterThan(500);
  }

  @Test
  void a_seed_always_tells_the_same_story() {
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();

    simulation.run(5, Simulation.plan(5), first);
    simulation.run(5, Simulation.plan(5), second);

    assertThat(second).isEqualTo(first).hasSizeGreaterThan(100);
  }
}
