package dev.runhook.http;

import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A run as it stands now. What is not known is null.
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
        run.subject().type(),
        run.subject().branch(),
        CommitJson.of(run.subject().commit()),
        run.subject().triggeredBy().orElse(null),
        run.createdAt(),
        run.delta().orElse(null),
        run.subject().url().orElse(null),
        run.subject().driftDetection().orElse(null),
        run.subject().command().orElse(null),
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
