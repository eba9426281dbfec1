package com.example.portal;

import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.Runhook;
import dev.runhook.http.security.HostUser;
import dev.runhook.web.RunhookWeb;
import io.javalin.Javalin;
import io.javalin.http.UnauthorizedResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/// A service whose Javalin serves its own pages, and Runhook's below `/runhook` to the users who
/// have signed in to the service.
public final class Portal implements AutoCloseable {
  private static final String USER = "user";

  private final Runhook runhook;
  private final StackId stack;
  private final RunhookWeb web;
  private final Javalin http;

  private Portal(Runhook runhook, Map<String, String> passwords) {
    this.runhook = runhook;
    stack = runhook.stack("portal");
    runhook.journal().register(Stack.named(stack, "Portal"));
    web = RunhookWeb.forUsers(runhook, Portal::user);
    http =
        Javalin.create(config -> {
          config.routes.get("/", context -> context.result("the portal"));
          config.routes.get("/health", context -> context.result("fine"));
          config.routes.post(
              "/login/{name}",
              context -> {
                String name = context.pathParam("name");
                if (!context.body().equals(passwords.get(name))) {
                  throw new UnauthorizedResponse();
                }
                context.sessionAttribute(USER, name);
                context.req().changeSessionId();
              });
          config.routes.post(
              "/deployments/{id}/{commit}",
              context -> {
                start(context.pathParam("id"), context.pathParam("commit"));
                context.status(201);
              });
          web.servlet().mount(config.routes, "/runhook");
        });
  }

  /// The administrator may do everything. Others see only this service.
  private static Optional<HostUser> user(HttpServletRequest request) {
    return Optional.ofNullable(request.getSession(false))
        .map(session -> (String) session.getAttribute(USER))
        .map(name ->
            name.equals("admin")
                ? HostUser.of(name, Role.ADMIN)
                : HostUser.of(name, Role.READER).onlyFor("portal"));
  }

  /// @param passwords of the users, by name
  /// @param port the port of the HTTP server; 0 uses a free port
  public static Portal start(DataSource database, Map<String, String> passwords, int port) {
    Portal portal = new Portal(Runhook.on(database).account("portal").start(), passwords);
    try {
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
    web.close(); // ends event streams, for which the next line would wait
    http.stop();
    runhook.close();
  }
}
