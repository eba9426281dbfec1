package dev.runhook.domain.run;

/// The current state of a run and that state's version.
public record RunProgress(RunState state, long version) {}
