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

/// Inserts a run unless its stack has a run of that name.
final class InsertRun {
  private final TransactionScope transaction;

  InsertRun(TransactionScope transaction) {
    this.transaction = transaction;
  }

  boolean insert(Run run) {
    Query insert =
        transaction
            .query(
                """
                insert into runhook.run (id, stack_id, name, type, branch, commit_hash, commit_message,
                  commit_author_name, commit_author_login, commit_timestamp, commit_url, triggered_by, url,
                  drift_detection, command, created_at, state, state_version, delta_added, delta_changed, delta_deleted,
                  delta_resources)
                values (:id, :stack, :name, :type, :branch, :hash, :message, :authorName, :authorLogin,
                  :committedAt::timestamptz, :commitUrl, :triggeredBy, :url, :driftDetection, :command,
                  :createdAt::timestamptz, :state, :version, :added, :changed, :deleted, :resources)
                on conflict (stack_id, name) do nothing
                returning id
                """)
            .bind("id", UuidCreator.getTimeOrderedEpoch())
            .bind("stack", transaction.rowIds().ofStack(run.id().stack()))
            .bind("name", run.id().name())
            .bind("createdAt", Timestamps.format(run.createdAt()))
            .bind("state", run.progress().state().name())
            .bind("version", run.progress().version());
    bindDetails(insert, run.details());
    bindDelta(insert, run.delta());
    Optional<UUID> inserted = insert.mapTo(UUID.class).findOne();
    inserted.ifPresent(id -> transaction.rowIds().put(run.id(), id));
    return inserted.isPresent();
  }

  private static void bindDetails(Query insert, RunDetails details) {
    Commit commit = details.commit();
    insert
        .bind("type", details.type().name())
        .bind("branch", details.branch())
        .bind("hash", commit.hash())
        .bind("message", commit.message())
        .bind("authorName", commit.authorName())
        .bind("authorLogin", commit.authorLogin().orElse(null))
        .bind("committedAt", commit.timestamp().map(Timestamps::format).orElse(null))
        .bind("commitUrl", commit.url().orElse(null))
        .bind("triggeredBy", details.triggeredBy().orElse(null))
        .bind("url", details.url().orElse(null))
        .bind("driftDetection", details.driftDetection().orElse(null))
        .bind("command", details.command().orElse(null));
  }

  private static void bindDelta(Query insert, Optional<Delta> delta) {
    insert
        .bind("added", delta.map(Delta::added).orElse(null))
        .bind("changed", delta.map(Delta::changed).orElse(null))
        .bind("deleted", delta.map(Delta::deleted).orElse(null))
        .bind("resources", delta.map(Delta::resources).orElse(null));
  }
}
