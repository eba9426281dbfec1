package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
  private static final Pattern VERIFIED =
      Pattern.compile("(\\w+) +version (\\d+) after .* signature verified$");
  @TempDir private Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());

  @BeforeEach
  void open() {
    installation =
        ServerInstallation.withPreparedDatabase(
            folder, Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8"));
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void the_demo_prints_each_delivery_with_a_verified_signature() {
    RunhookProcess demo = installation.start(Map.of(), "demo", "--once");

    assertThat(demo.awaitExit()).as(demo.allOutput()).isZero();
    assertThat(demo.out().find(VERIFIED).map(line -> line.group(2) + " " + line.group(1)))
        .containsExactly(
            "1 QUEUED",
            "2 PREPARING",
            "3 INITIALIZING",
            "4 PLANNING",
            "5 UNCONFIRMED",
            "6 CONFIRMED",
            "7 APPLYING",
            "8 FINISHED");
    assertThat(demo.out().text())
        .contains("All 8 state changes arrived in order, with valid signatures.");
    assertThat(demo.err().lines()).isEmpty();
  }

  @Test
  void the_demo_keeps_running_and_prints_the_address_and_the_token_of_the_web_ui()
      throws IOException {
    RunhookProcess demo = installation.start(Map.of(), "demo");

    String page = demo.awaitLine(Pattern.compile("^  web UI    (\\S+)$")).group(1);
    String token = demo.awaitLine(Pattern.compile("^  token     (\\S+)$")).group(1);

    ApiClient client = new ApiClient(page, token);
    assertThat(client.get("/session").requireSuccess().json().path("role").textValue())
        .isEqualTo("admin");
    assertThat(client.getWithoutToken("/").body()).contains("<title>Runhook</title>");
    demo.terminate();
  }

  @Test
  void the_listen_command_verifies_deliveries_of_a_server() throws IOException {
    RunhookProcess listen =
        installation.start(Map.of(), "listen", "--port", "0", "--secret", RecordingReceiver.SECRET);
    String endpoint = listen.awaitLine(Pattern.compile("Listening at (\\S+);")).group(1);
    ApiClient client = installation.client(installation.serve());
    client.putStack("networking");
    client.createWebhook("networking", endpoint, RecordingReceiver.SECRET);

    client.startRun("networking", "run-1").requireSuccess();

    listen.awaitLine(
        Pattern.compile(
            "^#1  QUEUED v1 of run run-1 on networking  signature verified  \\(delivery \\S+,"
                + " attempt 1\\)$"));
    listen.awaitLine(Pattern.compile("\"account\" : \"default\""));
  }

  @Test
  void the_listen_command_reports_deliveries_that_are_signed_with_another_secret()
      throws IOException {
    RunhookProcess listen =
        installation.start(Map.of(), "listen", "--port", "0", "--secret", "another secret");
    String endpoint = listen.awaitLine(Pattern.compile("Listening at (\\S+);")).group(1);
    ApiClient client = installation.client(installation.serve());
    client.putStack("networking");
    client.createWebhook("networking", endpoint, RecordingReceiver.SECRET);

    client.startRun("networking", "run-1").requireSuccess();

    listen.awaitLine(
        Pattern.compile(
            "^#1  QUEUED v1 of run run-1 on networking  NOT verified: X-Signature-256 does not"
                + " match"));
  }
}
