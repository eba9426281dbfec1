package com.example.first;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.embedded.Runhook;
import dev.runhook.persistence.JdbiUnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Stores a row of the service and a run in one transaction. Runhook sends the run to a webhook.
final class FirstDelivery {
  /// @return Runhook, which sends the delivery; the caller closes it
  static Runhook send(DataSource database, String endpoint, String secret) throws SQLException {
    Runhook runhook = Runhook.on(database).allowedNetworks("127.0.0.0/8").start();
    StackId stack = runhook.stack("main");
    runhook.journal().register(Stack.named(stack, "Main"));
    var webhook = CreateWebhookRequest.of(endpoint).withSecret(SigningSecret.parse(secret));
    runhook.webhooks().create(stack, webhook, new Actor("setup"));
    var report = TransitionReport.of(new RunId(stack, "build-1"), RunState.QUEUED);
    var run = NewRun.of(RunDetails.tracked("main", Commit.of("0ee3f1c")), report);
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      connection.createStatement().execute("insert into build values ('build-1')");
      runhook.journal().start(run, JdbiUnitOfWork.joining(connection));
      connection.commit();
    }
    runhook.wake();
    return runhook;
  }
}
