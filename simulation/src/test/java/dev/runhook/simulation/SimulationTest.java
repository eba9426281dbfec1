package dev.runhook.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private final Simulation simulation = Simulation.correct();

  @Test
  void the_engine_keeps_its_promises_in_worlds_with_faults() {
    List<Long> failed =
        LongStream.range(0, 40).filter(seed -> simulation.run(seed).isPresent()).boxed().toList();

    assertThat(failed).isEmpty();
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
