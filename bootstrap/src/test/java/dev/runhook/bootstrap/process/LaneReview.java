package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Holds the log of a receiver against what was promised: nothing lost, nothing made up, nothing
/// out of order, nothing changed on a repeat.
public final class LaneReview {
  private final List<String> states;
  private final boolean stragglers;
  private final Map<String, Arrival> firsts = new HashMap<>();
  private final Map<String, Integer> acceptedUpTo = new HashMap<>();
  private final Map<String, String> keys = new HashMap<>();

  /// @param states that every run went through, from version 1 on
  public LaneReview(List<String> states) {
    this(states, false);
  }

  private LaneReview(List<String> states, boolean stragglers) {
    this.states = states;
    this.stragglers = stragglers;
  }

  /// For senders that stood still with requests half out: such a request may come after the attempt
  /// of whoever took over.
  static LaneReview ofFrozenSenders(List<String> states) {
    return new LaneReview(states, true);
  }

  public void review(List<Arrival> log, Collection<String> runs) {
    Set<String> expected = new HashSet<>();
    for (String run : runs) {
      for (int version = 1; version <= states.size(); version++) {
        expected.add(key(run, version));
      }
    }

    log.forEach(this::review);

    assertThat(firsts.keySet()).isEqualTo(expected);
    assertThat(acceptedUpTo.keySet()).containsExactlyInAnyOrderElementsOf(runs);
    assertThat(acceptedUpTo.values()).containsOnly(states.size());
  }

  private void review(Arrival arrival) {
    String key = key(arrival.run(), arrival.version());
    assertThat(arrival.verified()).as("signatures of %s", arrival).isTrue();
    assertThat(arrival.version()).as("version of %s", arrival).isBetween(1, states.size());
    assertThat(arrival.state())
        .as("state of %s", arrival)
        .isEqualTo(states.get(arrival.version() - 1));
    assertThat(keys.computeIfAbsent(arrival.delivery(), _ -> key))
        .as("subject of delivery %s", arrival.delivery())
        .isEqualTo(key);
    reviewRepeat(firsts.computeIfAbsent(key, _ -> arrival), arrival);
    reviewOrder(arrival);
  }

  private void reviewRepeat(Arrival first, Arrival arrival) {
    assertThat(arrival.body())
        .as("body of %s, first seen as %s", arrival, first)
        .isEqualTo(first.body());
    assertThat(arrival.delivery()).as("delivery of %s", arrival).isEqualTo(first.delivery());
    assertThat(arrival.header("webhook-id"))
        .as("message of %s", arrival)
        .isEqualTo(first.header("webhook-id"));
    if (!stragglers) {
      assertThat(arrival.attempt())
          .as("attempt of %s", arrival)
          .isGreaterThanOrEqualTo(first.attempt());
    }
  }

  /// A version may arrive once all before it were accepted; a repeat may come at any time.
  private void reviewOrder(Arrival arrival) {
    int accepted = acceptedUpTo.getOrDefault(arrival.run(), 0);
    assertThat(arrival.version())
        .as("order of %s after version %d was accepted", arrival, accepted)
        .isLessThanOrEqualTo(accepted + 1);
    if (arrival.accepted()) {
      acceptedUpTo.merge(arrival.run(), arrival.version(), Math::max);
    }
  }

  private static String key(String run, int version) {
    return run + " v" + version;
  }
}
