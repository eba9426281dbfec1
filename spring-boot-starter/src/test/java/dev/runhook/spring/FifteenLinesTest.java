package dev.runhook.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.runhook.application.run.RunJournal;
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
import dev.runhook.http.security.HostUsers;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/// An application that has a delivery in its own transaction, and the web UI, with at most 15 lines
/// for Runhook: those between the comments, and the property `runhook.web.path`.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"runhook.web.path=/runhook", "runhook.allowed-networks=127.0.0.0/8"})
class FifteenLinesTest {
  @Autowired private Builds builds;
  @Autowired private JdbcTemplate jdbc;
  @LocalServerPort private int port;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import({Builds.class, Database.class})
  static class Application {
    // Runhook
    @Bean
    HostUsers users() {
      return request -> Optional.of(HostUser.of("ada", Role.ADMIN));
    }

    @Bean
    StackId stack(Runhook runhook) {
      runhook.journal().register(Stack.named(runhook.stack("main"), "Main"));
      return runhook.stack("main");
    }
    // end
  }

  static class Builds {
    @Autowired private JdbcTemplate jdbc;
    // Runhook
    @Autowired private RunJournal journal;
    @Autowired private StackId stack;

    // end

    @Transactional
    public void start(String build) {
      jdbc.update("insert into build values (?)", build);
      // Runhook
      var report = TransitionReport.of(new RunId(stack, build), RunState.QUEUED);
      journal.start(NewRun.of(RunDetails.tracked("main", Commit.of("0ee3f1c")), report));
      // end
    }
  }

  /// Ends after the application, which would otherwise wait for its database.
  @Configuration(proxyBeanMethods = false)
  static class Database {
    @Bean(destroyMethod = "close")
    EmbeddedPostgres postgres() throws IOException {
      return EmbeddedPostgres.start();
    }

    @Bean
    DataSource dataSource(EmbeddedPostgres postgres) {
      return postgres.getPostgresDatabase();
    }
  }

  @Test
  void an_empty_application_has_deliveries_and_the_web_ui() throws Exception {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    jdbc.execute("create table build (id text primary key)");
    String runhook = "http://127.0.0.1:" + port + "/runhook/";
    String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> page =
          client.send(HttpRequest.newBuilder(URI.create(runhook)).build(), BodyHandlers.ofString());
      HttpResponse<String> webhook =
          client.send(
              HttpRequest.newBuilder(URI.create(runhook + "api/v1/stacks/main/webhooks"))
                  .header("Content-Type", "application/json")
                  .header("X-Runhook-Csrf", "1")
                  .POST(BodyPublishers.ofString("{\"endpoint\":\"" + endpoint + "\"}"))
                  .build(),
              BodyHandlers.ofString());

      builds.start("b1");

      assertThat(page.body()).contains("<title>Runhook");
      assertThat(webhook.statusCode()).isEqualTo(201);
      assertThat(received.poll(30, TimeUnit.SECONDS)).contains("\"id\":\"b1\"", "\"QUEUED\"");
    } finally {
      receiver.stop(0);
    }
  }
}
