package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.PostgresServer;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `RUNHOOK_BOOTSTRAP_FILE` is applied before a server is ready.
class BootstrapFileIT {
  private static final String ADMIN = "the-same-token-on-every-node";
  private static final String SETUP =
      """
      webhooks:
        - endpoint: https://hooks.example.com/audit
      stacks:
        - id: networking
        - id: billing
      tokens:
        - name: ci
          role: writer
          secretFile: ci-token
      """;

  @TempDir private Path folder;

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("webhooks.yaml"), yaml);
  }

  private ServerInstallation node(int number, String database) throws IOException {
    return new ServerInstallation(
        Files.createDirectory(folder.resolve("node-" + number)),
        Map.of(
            "RUNHOOK_DATABASE_URL", database,
            "RUNHOOK_ADMIN_TOKEN", ADMIN,
            "RUNHOOK_BOOTSTRAP_FILE", folder.resolve("webhooks.yaml").toString()));
  }

  @Test
  void servers_that_start_together_make_each_change_once() throws Exception {
    file(SETUP);
    List<ServerInstallation> nodes = new ArrayList<>();
    try (PostgresServer database = new PostgresServer(folder.resolve("postgres"))) {
      String url = database.createDatabase("empty");
      List<RunhookProcess> processes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        nodes.add(node(i, url));
        processes.add(nodes.getLast().start(Map.of(), "serve"));
      }
      processes.forEach(RunhookProcess::awaitReady);

      ApiClient client = nodes.getFirst().client(processes.getFirst());
      assertThat(ids(client.get("/webhooks"))).hasSize(2);
      assertThat(ids(client.get("/stacks"))).containsExactly("billing", "networking");
      assertThat(ids(client.get("/tokens"))).hasSize(1);
      String secret = Files.readString(folder.resolve("ci-token")).strip();
      assertThat(new ApiClient(processes.getLast().url(), secret).get("/stacks").status())
          .isEqualTo(200);
      assertThat(processes).noneMatch(process -> process.allOutput().contains(secret));
    } finally {
      nodes.forEach(ServerInstallation::close);
    }
  }

  private static List<String> ids(ApiClient.Response list) {
    return list.json().path("items").valueStream().map(item -> item.path("id").asText()).toList();
  }

  @Test
  void an_invalid_file_or_a_refused_change_stops_the_start() throws Exception {
    Path file = file("stack: []");
    try (ServerInstallation installation =
        ServerInstallation.withPreparedDatabase(
            folder, Map.of("RUNHOOK_BOOTSTRAP_FILE", file.toString()))) {
      RunhookProcess invalid = installation.start(Map.of(), "serve");
      assertThat(invalid.awaitExit()).isEqualTo(2);
      assertThat(invalid.err().text())
          .contains("webhooks.yaml: /stack is unknown; the fields are ");

      file("stacks: [{id: net, webhooks: [{endpoint: 'http://169.254.169.254/x?key=hush'}]}]");
      RunhookProcess refused = installation.start(Map.of(), "serve");
      assertThat(refused.awaitExit()).isEqualTo(1);
      assertThat(refused.allOutput())
          .contains(
              "runhook: RUNHOOK_BOOTSTRAP_FILE: + webhook net http://169.254.169.254/x: the endpoint"
                  + " may not be called")
          .doesNotContain("hush");
    }
  }
}
