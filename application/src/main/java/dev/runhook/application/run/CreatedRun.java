package dev.runhook.application.run;

import dev.runhook.domain.run.Run;

/// A run that was started.
///
/// @param first its first transition, and whether the run had been there before
public record CreatedRun(Run run, RecordedTransition firstTransition) {}
