package com.example.builds;

import dev.runhook.domain.run.RunState;

/// A build and its state: a row of the service's own table.
public record Build(String id, String branch, String commit, RunState state) {
  public Build withState(RunState next) {
    return new Build(id, branch, commit, next);
  }
}
