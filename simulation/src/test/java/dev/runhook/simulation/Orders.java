package dev.runhook.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Explores a small world: two nodes record a transition each of one run, for one webhook.
///
/// In the usual order, each thread goes on until it waits, and nothing fails. All other orders
/// differ from it in some decisions: which thread goes on after a step, how the receiver responds,
/// and where a process crashes, once. All of them with up to a given number of differences happen,
/// one after the other.
final class Orders {
  private final int maxDifferences;
  private final Stats stats = new Stats();
  private final Set<Object> states = new HashSet<>();
  private final List<Decision> found = new ArrayList<>();
  private int worlds;
  private int longest;

  Orders(int maxDifferences) {
    this.maxDifferences = maxDifferences;
  }

  /// Something that differs from the usual order.
  ///
  /// @param at the number of the decision
  private record Decision(int at, int chosen) {}

  /// Runs all worlds, those with few differences first, until one breaks a promise.
  Optional<Violation> explore() {
    Deque<List<Decision>> open = new ArrayDeque<>();
    open.add(List.of());
    while (!open.isEmpty()) {
      List<Decision> differences = open.remove();
      Order order = new Order(differences);
      Optional<Violation> violation = run(order, null);
      if (violation.isPresent()) {
        found.addAll(differences);
        return violation;
      }
      if (differences.size() < maxDifferences) {
        order.others.forEach(other -> {
          List<Decision> more = new ArrayList<>(differences);
          more.add(other);
          open.add(more);
        });
      }
    }
    return Optional.empty();
  }

  private Optional<Violation> run(Order order, @Nullable List<String> story) {
    worlds++;
    World world = new World(new Random(0), order, List.of(), stats, store -> store, story);
    Optional<Violation> violation = world.runSmall(order::begin, order::end);
    longest = Math.max(longest, order.count);
    return violation;
  }

  /// How many orders there were.
  int worlds() {
    return worlds;
  }

  /// Tells what happens in the world that broke a promise.
  List<String> story() {
    List<String> story = new ArrayList<>();
    run(new Order(found), story);
    return story;
  }

  @Override
  public String toString() {
    return "%,d orders of up to %,d decisions, with up to %d that differ; %,d states\n%s"
        .formatted(worlds, longest, maxDifferences, states.size(), stats);
  }

  /// One world.
  private final class Order implements Choices {
    private final Map<Integer, Integer> differences = new TreeMap<>();
    private final List<Decision> others = new ArrayList<>();
    private final int last;
    private boolean mayCrash = true;
    private boolean hasBegun;
    private int count;
    private int thread = -1;

    Order(List<Decision> decisions) {
      decisions.forEach(each -> differences.put(each.at, each.chosen));
      this.last = decisions.isEmpty() ? -1 : decisions.getLast().at;
    }

    void begin() {
      hasBegun = true;
    }

    void end() {
      hasBegun = false;
    }

    private int decide(int options) {
      if (!hasBegun || options < 2) {
        return 0;
      }
      int at = count++;
      if (at > last) {
        for (int i = 1; i < options; i++) {
          others.add(new Decision(at, i));
        }
      }
      return differences.getOrDefault(at, 0);
    }

    @Override
    public int choose(int options) {
      int chosen = thread;
      thread = -1;
      return chosen >= 0 ? chosen : decide(options);
    }

    @Override
    public void step(int ready) {
      int chosen = decide(ready + 1);
      if (chosen > 0) {
        thread = chosen - 1;
        Threads.letOthersGoFirst();
      }
    }

    @Override
    public boolean crashes() {
      if (mayCrash && decide(2) > 0) {
        mayCrash = false;
        return true;
      }
      return false;
    }

    @Override
    public Duration responseTime() {
      return Duration.ZERO;
    }

    @Override
    public void onState(Supplier<Object> state) {
      states.add(state.get());
    }
  }
}
