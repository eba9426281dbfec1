package dev.runhook.application.run;

import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.Transition;
import java.util.List;

/// A run in its current state, with its transitions.
///
/// @param transitions ordered by version
public record RunHistory(Run run, List<Transition> transitions) {
  public RunHistory {
    transitions = List.copyOf(transitions);
  }
}
