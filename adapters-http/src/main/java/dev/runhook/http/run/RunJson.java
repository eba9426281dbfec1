package dev.runhook.http.run;

import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The current state of a run. Unknown values are null.
record RunJson(
    String id,
    String stack,
    RunType type,
    String branch,
    CommitJson commit,
    @Nullable String triggeredBy,
    Instant createdAt,
    @Nullable Delta delta,
    @Nullable String url,
    @Nullable Boolean driftDetection,
    @Nullable String command,
    RunState state,
    long stateVersion) {
  static RunJson of(Run run) {
    return new RunJson(
        run.id().name(),
        run.id().stack().slug(),
        run.details().type(),
        run.details().branch(),
        CommitJson.of(run.details().commit()),
        run.details().triggeredBy().orElse(null),
        run.createdAt(),
        run.delta().orElse(null),
        run.details().url().orElse(null),
        run.details().driftDetection().orElse(null),
        run.details().command().orElse(null),
        run.progress().state(),
        run.progress().version());
  }

  record CommitJson(
      String hash,
      String message,
      String authorName,
      @Nullable String authorLogin,
      @Nullable Instant timestamp,
      @Nullable String url) {
    static CommitJson of(Commit commit) {
      return new CommitJson(
          commit.hash(),
          commit.message(),
          commit.authorName(),
          commit.authorLogin().orElse(null),
          commit.timestamp().orElse(null),
          commit.url().orElse(null));
    }
  }
}
