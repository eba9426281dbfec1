package com.example.portal;

import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.PeriodicTask;
import dev.runhook.embedded.Runhook;
import io.javalin.Javalin;
import java.time.Duration;
import javax.sql.DataSource;

/// A service whose Javalin serves its own routes, Runhook's API and the web UI.
public final class Portal implements AutoCloseable {
  private static final long MAX_REQUEST_BYTES = 1024 * 1024;

  private final Runhook runhook;
  private final StackId stack;
  private final RunhookApi api;
  private final PeriodicTask tokenUsage;
  private final Javalin http;

  private Portal(Runhook runhook, String adminToken) {
    this.runhook = runhook;
    stack = runhook.stack("portal");
    runhook.journal().register(Stack.named(stack, "Portal"));
    api = RunhookApi.of(runhook, adminToken);
    tokenUsage =
        new PeriodicTask(
            "token-usage", Duration.ofMinutes(1), api.access()::flush, runhook.supervisor());
    http =
        Javalin.create(config -> {
          config.http.maxRequestSize = MAX_REQUEST_BYTES;
          config.routes.post(
              "/deployments/{id}/{commit}",
              context -> {
                start(context.pathParam("id"), context.pathParam("commit"));
                context.status(201);
              });
          api.http().mount(config.routes);
          api.http().mountWebUi(config.routes);
        });
  }

  /// @param adminToken grants access to the API and the web UI
  /// @param port the port of the HTTP server; 0 uses a free port
  public static Portal start(DataSource database, String adminToken, int port) {
    Portal portal = new Portal(Runhook.on(database).account("portal").start(), adminToken);
    try {
      portal.tokenUsage.start();
      portal.http.start("127.0.0.1", port);
    } catch (RuntimeException e) {
      portal.close(); // otherwise Runhook continues to send
      throw e;
    }
    return portal;
  }

  private void start(String deployment, String commit) {
    RunId run = new RunId(stack, deployment);
    runhook
        .journal()
        .start(
            NewRun.of(
                RunDetails.tracked("main", Commit.of(commit)),
                TransitionReport.of(run, RunState.QUEUED)));
  }

  public String url() {
    return "http://127.0.0.1:" + http.port();
  }

  @Override
  public void close() {
    api.http().close(); // ends event streams, for which the next line would wait
    http.stop();
    tokenUsage.stop(Duration.ofSeconds(5));
    runhook.close();
  }
}
