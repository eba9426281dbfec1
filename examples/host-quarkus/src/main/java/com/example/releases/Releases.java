package com.example.releases;

import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.Runhook;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// An ordinary Quarkus service. The journal joins its transactions.
@ApplicationScoped
public class Releases {
  private final AgroalDataSource database;
  private final RunJournal journal;
  private final StackId stack;

  @Inject
  Releases(AgroalDataSource database, RunJournal journal, Runhook runhook) {
    this.database = database;
    this.journal = journal;
    this.stack = runhook.stack("main");
    journal.register(Stack.named(stack, "Releases"));
  }

  /// Adds a release and starts its run, both in one transaction.
  @Transactional
  public void start(String release, String commit) {
    update("insert into release (state, id) values (?, ?)", RunState.QUEUED, release);
    journal.start(
        NewRun.of(
            RunDetails.tracked("main", Commit.of(commit)),
            TransitionReport.of(run(release), RunState.QUEUED)));
  }

  /// Changes the state of a release and records the transition, both in one transaction.
  @Transactional
  public void changeState(String release, RunState next) {
    update("update release set state = ? where id = ?", next, release);
    journal.record(TransitionReport.of(run(release), next));
  }

  private void update(String sql, RunState state, String release) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, state.name());
      statement.setString(2, release);
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot write the release", e);
    }
  }

  RunId run(String release) {
    return new RunId(stack, release);
  }
}
