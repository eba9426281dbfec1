package com.example.portal;

import com.sun.net.httpserver.HttpServer;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.Runhook;
import dev.runhook.http.security.HostUser;
import dev.runhook.http.server.HttpApiHandler;
import dev.runhook.web.RunhookWeb;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/// A service with a `HttpServer` of the JDK. Its lines for Runhook are those between the comments.
final class PlainService implements Builds {
  private final DataSource database;
  private final HttpServer http;
  // Runhook
  private final Runhook runhook;
  private final RunhookWeb web;

  // end

  PlainService(DataSource database) throws IOException {
    this.database = database;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    // Runhook
    runhook = Runhook.on(database).allowedNetworks("127.0.0.0/8").start();
    runhook.journal().register(Stack.named(runhook.stack("main"), "Main"));
    web = RunhookWeb.forUsers(runhook, request -> Optional.of(HostUser.of("ada", Role.ADMIN)));
    http.createContext("/runhook", new HttpApiHandler(web.servlet()));
    // end
    http.start();
  }

  @Override
  public void start(String build) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      connection.createStatement().execute("insert into build values ('" + build + "')");
      // Runhook
      var report = TransitionReport.of(new RunId(runhook.stack("main"), build), RunState.QUEUED);
      var run = NewRun.of(RunDetails.tracked("main", Commit.of("0ee3f1c")), report);
      runhook.journal().start(run, runhook.joining(connection));
      // end
      connection.commit();
    }
    // Runhook
    runhook.wake();
    // end
  }

  @Override
  public int port() {
    return http.getAddress().getPort();
  }

  @Override
  public void close() {
    // Runhook
    web.close();
    // end
    http.stop(0);
    // Runhook
    runhook.close();
    // end
  }
}
