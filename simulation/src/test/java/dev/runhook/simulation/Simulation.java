package dev.runhook.simulation;

import dev.runhook.application.spi.Transactor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Runs worlds, one for each seed.
///
/// @param fault changes the store of each process
record Simulation(Stats stats, UnaryOperator<Transactor> fault) {
  private static final int ACTIONS = 150;

  static Simulation correct() {
    return new Simulation(new Stats(), store -> store);
  }

  /// @return the broken promise, if there is one
  Optional<Violation> run(long seed) {
    return run(seed, plan(seed), null);
  }

  Optional<Violation> run(long seed, List<Action> plan, @Nullable List<String> story) {
    Random random = World.random(~seed);
    return new World(random, Choices.ByChance.of(random), plan, stats, fault, story)
        .run(nodes(seed));
  }

  static List<Action> plan(long seed) {
    return Action.plan(World.random(seed), ACTIONS, nodes(seed));
  }

  private static int nodes(long seed) {
    return 2 + (int) Math.floorMod(seed, 2L);
  }

  /// Tells what happens in the world of a seed, which breaks a promise, after leaving out all that
  /// is not needed for that.
  List<String> shortStory(long seed) {
    Violation found = run(seed).orElseThrow();
    List<Action> plan = plan(seed);
    for (int size = plan.size() / 2; size > 0; size /= 2) {
      for (int from = 0; from < plan.size(); from += size) {
        List<Action> shorter = new ArrayList<>(plan.subList(0, from));
        shorter.addAll(plan.subList(Math.min(plan.size(), from + size), plan.size()));
        if (run(seed, shorter, null).filter(it -> it.kind().equals(found.kind())).isPresent()) {
          plan = shorter;
          from -= size;
        }
      }
    }
    List<String> story = new ArrayList<>();
    run(seed, plan, story);
    return story;
  }
}
