package com.example.deployments;

import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;

/// An ordinary Spring bean. With `@Transactional` on its methods, it would need no
/// [TransactionOperations] and would otherwise stay the same.
public class Deployments {
  static final StackId STACK = new StackId(new AccountId("deployments"), "main");

  private final TransactionOperations transactions;
  private final DataSource dataSource;
  private final JdbcTemplate jdbc;
  private final RunJournal journal;

  public Deployments(
      TransactionOperations transactions, DataSource dataSource, RunJournal journal) {
    this.transactions = transactions;
    this.dataSource = dataSource;
    this.jdbc = new JdbcTemplate(dataSource);
    this.journal = journal;
  }

  /// Changes the state of a deployment and records the transition, both in one transaction.
  public void changeState(String deployment, RunState next) {
    transactions.executeWithoutResult(_ -> {
      jdbc.update("update deployment set state = ? where id = ?", next.name(), deployment);
      journal.record(
          TransitionReport.of(new RunId(STACK, deployment), next),
          SpringUnitOfWork.joining(dataSource));
    });
  }
}
