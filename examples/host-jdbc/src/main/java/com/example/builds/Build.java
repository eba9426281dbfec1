package com.example.builds;

import dev.runhook.domain.run.RunState;

/// A row of this service's own: what is built, and how far it has come.
public record Build(String id, String branch, String commit, RunState state) {
  public Build withState(RunState next) {
    return new Build(id, branch, commit, next);
  }
}
