package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.ReceivedRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Holds the log of a receiver against what was promised: nothing lost, nothing made up, nothing
/// out of order, nothing changed on a repeat.
public final class DeliveryLogVerifier {
  private final List<String> states;
  private final boolean stragglers;
  private final Map<String, ReceivedRequest> firsts = new HashMap<>();
  private final Map<String, Integer> acceptedUpTo = new HashMap<>();
  private final Map<String, String> keys = new HashMap<>();

  /// @param states that every run went through, from version 1 on
  public DeliveryLogVerifier(List<String> states) {
    this(states, false);
  }

  private DeliveryLogVerifier(List<String> states, boolean stragglers) {
    this.states = states;
    this.stragglers = stragglers;
  }

  /// For senders that stood still with requests half out: such a request may come after the attempt
  /// of whoever took over.
  static DeliveryLogVerifier allowingLateRequests(List<String> states) {
    return new DeliveryLogVerifier(states, true);
  }

  public void verify(List<ReceivedRequest> log, Collection<String> runs) {
    Set<String> expected = new HashSet<>();
    for (String run : runs) {
      for (int version = 1; version <= states.size(); version++) {
        expected.add(key(run, version));
      }
    }

    log.forEach(this::verify);

    assertThat(firsts.keySet()).isEqualTo(expected);
    assertThat(acceptedUpTo.keySet()).containsExactlyInAnyOrderElementsOf(runs);
    assertThat(acceptedUpTo.values()).containsOnly(states.size());
  }

  private void verify(ReceivedRequest receivedRequest) {
    String key = key(receivedRequest.run(), receivedRequest.stateVersion());
    assertThat(receivedRequest.verified()).as("signatures of %s", receivedRequest).isTrue();
    assertThat(receivedRequest.stateVersion())
        .as("version of %s", receivedRequest)
        .isBetween(1, states.size());
    assertThat(receivedRequest.state())
        .as("state of %s", receivedRequest)
        .isEqualTo(states.get(receivedRequest.stateVersion() - 1));
    assertThat(keys.computeIfAbsent(receivedRequest.delivery(), _ -> key))
        .as("subject of delivery %s", receivedRequest.delivery())
        .isEqualTo(key);
    reviewRepeat(firsts.computeIfAbsent(key, _ -> receivedRequest), receivedRequest);
    reviewOrder(receivedRequest);
  }

  private void reviewRepeat(ReceivedRequest first, ReceivedRequest receivedRequest) {
    assertThat(receivedRequest.body())
        .as("body of %s, first seen as %s", receivedRequest, first)
        .isEqualTo(first.body());
    assertThat(receivedRequest.delivery())
        .as("delivery of %s", receivedRequest)
        .isEqualTo(first.delivery());
    assertThat(receivedRequest.header("webhook-id"))
        .as("message of %s", receivedRequest)
        .isEqualTo(first.header("webhook-id"));
    if (!stragglers) {
      assertThat(receivedRequest.attempt())
          .as("attempt of %s", receivedRequest)
          .isGreaterThanOrEqualTo(first.attempt());
    }
  }

  /// A version may arrive once all before it were accepted; a repeat may come at any time.
  private void reviewOrder(ReceivedRequest receivedRequest) {
    int accepted = acceptedUpTo.getOrDefault(receivedRequest.run(), 0);
    assertThat(receivedRequest.stateVersion())
        .as("order of %s after version %d was accepted", receivedRequest, accepted)
        .isLessThanOrEqualTo(accepted + 1);
    if (receivedRequest.accepted()) {
      acceptedUpTo.merge(receivedRequest.run(), receivedRequest.stateVersion(), Math::max);
    }
  }

  private static String key(String run, int version) {
    return run + " v" + version;
  }
}
