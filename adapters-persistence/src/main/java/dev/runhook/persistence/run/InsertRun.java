package dev.runhook.persistence.run;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.persistence.jdbi.Timestamps;
import dev.runhook.persistence.jdbi.TransactionScope;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;

/// Adds a run, unless its name is taken on its stack.
final class InsertRun {
  private final TransactionScope transactionScope;

  InsertRun(TransactionScope session) {
    this.transactionScope = session;
  }

  boolean add(Run run) {
    Query insert =
        transactionScope
            .query(
                """
                insert into runhook.run (id, stack_id, name, type, branch, commit_hash, commit_message, commit_author_name, commit_author_login,
                  commit_timestamp, commit_url, triggered_by, url, drift_detection, command, created_at, state, state_version,
                  delta_added, delta_changed, delta_deleted, delta_resources)
                values (:id::uuid, :stack::uuid, :name, :type, :branch, :hash, :message, :authorName, :authorLogin,
                  :committedAt::timestamptz, :commitUrl, :triggeredBy, :url, :driftDetection, :command, :createdAt::timestamptz, :state, :version,
                  :added, :changed, :deleted, :resources)
                on conflict (stack_id, name) do nothing
                returning id
                """)
            .bind("id", UuidCreator.getTimeOrderedEpoch())
            .bind("stack", transactionScope.rowIds().ofStack(run.id().stack()))
            .bind("name", run.id().name())
            .bind("createdAt", Timestamps.format(run.createdAt()))
            .bind("state", run.progress().state().name())
            .bind("version", run.progress().version());
    bindSubject(insert, run.details());
    bindDelta(insert, run.delta());
    Optional<UUID> key = insert.mapTo(UUID.class).findOne();
    key.ifPresent(id -> transactionScope.rowIds().put(run.id(), id));
    return key.isPresent();
  }

  private static void bindSubject(Query insert, RunDetails subject) {
    Commit commit = subject.commit();
    insert
        .bind("type", subject.type().name())
        .bind("branch", subject.branch())
        .bind("hash", commit.hash())
        .bind("message", commit.message())
        .bind("authorName", commit.authorName())
        .bind("authorLogin", commit.authorLogin().orElse(null))
        .bind("committedAt", commit.timestamp().map(Timestamps::format).orElse(null))
        .bind("commitUrl", commit.url().orElse(null))
        .bind("triggeredBy", subject.triggeredBy().orElse(null))
        .bind("url", subject.url().orElse(null))
        .bind("driftDetection", subject.driftDetection().orElse(null))
        .bind("command", subject.command().orElse(null));
  }

  private static void bindDelta(Query insert, Optional<Delta> delta) {
    insert
        .bind("added", delta.map(Delta::added).orElse(null))
        .bind("changed", delta.map(Delta::changed).orElse(null))
        .bind("deleted", delta.map(Delta::deleted).orElse(null))
        .bind("resources", delta.map(Delta::resources).orElse(null));
  }
}
