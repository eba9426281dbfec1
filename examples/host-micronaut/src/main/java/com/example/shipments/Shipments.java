package com.example.shipments;

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
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/// An ordinary Micronaut service. The journal joins its transactions.
@Singleton
class Shipments {
  private final DataSource database;
  private final RunJournal journal;
  private final StackId stack;

  Shipments(DataSource database, RunJournal journal, Runhook runhook) {
    this.database = database;
    this.journal = journal;
    this.stack = runhook.stack("main");
    journal.register(Stack.named(stack, "Shipments"));
  }

  /// Adds a shipment and starts its run, both in one transaction.
  @Transactional
  public void start(String shipment, String commit) {
    update("insert into shipment (state, id) values (?, ?)", RunState.QUEUED, shipment);
    journal.start(
        NewRun.of(
            RunDetails.tracked("main", Commit.of(commit)),
            TransitionReport.of(run(shipment), RunState.QUEUED)));
  }

  /// Changes the state of a shipment and records the transition, both in one transaction.
  @Transactional
  public void changeState(String shipment, RunState next) {
    update("update shipment set state = ? where id = ?", next, shipment);
    journal.record(TransitionReport.of(run(shipment), next));
  }

  private void update(String sql, RunState state, String shipment) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, state.name());
      statement.setString(2, shipment);
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot write the shipment", e);
    }
  }

  RunId run(String shipment) {
    return new RunId(stack, shipment);
  }
}
