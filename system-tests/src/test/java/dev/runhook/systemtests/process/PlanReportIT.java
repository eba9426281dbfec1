package dev.runhook.systemtests.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./runhook report --plan-json` reports what a plan destroys, and webhooks filter by it.
class PlanReportIT {
  private static final long PLAN_BYTES = 100L * 1024 * 1024;

  @TempDir private Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());
  private final Queue<String> chatMessages = new ConcurrentLinkedQueue<>();
  private HttpServer chat;
  private RunhookProcess server;
  private ApiClient client;

  @BeforeEach
  void serve() throws IOException {
    installation =
        ServerInstallation.withPreparedDatabase(
            folder, Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8"));
    server = installation.serve();
    client = installation.client(server);
    client.putStack("net");
  }

  @BeforeEach
  void receiveMessages() throws IOException {
    chat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    chat.createContext(
        "/",
        exchange -> {
          try (exchange) {
            chatMessages.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    chat.start();
  }

  @AfterEach
  void close() {
    chat.stop(0);
    installation.close();
  }

  private String createChatWebhook() throws IOException {
    String url = "http://127.0.0.1:%d/chat".formatted(chat.getAddress().getPort());
    return createWebhook(url, "\"format\":\"slack\",\"deletedAtLeast\":1");
  }

  private String createWebhook(String url, String settings) throws IOException {
    return client
        .post(
            "/stacks/net/webhooks",
            "{\"endpoint\":\"%s\",\"secret\":\"%s\",%s}"
                .formatted(url, RecordingReceiver.SECRET, settings))
        .requireSuccess()
        .json()
        .path("id")
        .asText();
  }

  private RunhookProcess report(String state, String... options) {
    List<String> command =
        new ArrayList<>(
            RunhookProcess.command("-Xmx40m", "-jar", RunhookProcess.jar().toString(), "report"));
    command.addAll(List.of("--stack", "net", "--run", "r1", "--state", state));
    command.addAll(List.of("--branch", "main", "--commit", "0ee3f1c"));
    command.addAll(List.of(options));
    RunhookProcess report =
        installation.startCommand(
            command, Map.of("RUNHOOK_URL", server.url(), "RUNHOOK_TOKEN", installation.token()));
    assertThat(report.awaitExit()).as(report.allOutput()).isZero();
    return report;
  }

  private static String change(String address, String action) {
    return """
    {"address":"%s","mode":"managed","type":"aws_db_instance","name":"a",
     "change":{"actions":["%s"],"before":{"password":"s3cret-of-the-plan","text":"%s"},"after":null,
       "before_sensitive":{"password":true},"after_sensitive":false}}
    """
        .formatted(address, action, "x".repeat(10_000));
  }

  private String plan(int kept, String... changes) {
    Path file = folder.resolve("plan.json");
    try (Writer out = Files.newBufferedWriter(file)) {
      out.write("{\"format_version\":\"1.2\",\"resource_changes\":[");
      for (int i = 0; i < kept; i++) {
        out.write(change("aws_db_instance.kept[" + i + "]", "no-op") + ",");
      }
      out.write(String.join(",", changes) + "]}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toString();
  }

  @Test
  void webhooks_are_notified_of_what_a_large_plan_destroys() throws IOException {
    try (RecordingReceiver full = RecordingReceiver.accepting();
        RecordingReceiver plain = RecordingReceiver.accepting()) {
      createChatWebhook();
      createWebhook(
          full.url(), "\"includeChanges\":true,\"resources\":[\"destroy:aws_db_instance\"]");
      createWebhook(plain.url(), "\"name\":\"plain\"");
      String log = Files.writeString(folder.resolve("log"), "Error: s3cret-of-the-plan").toString();
      report("PLANNING", "--plan-json", plan(0, change("aws_db_instance.new", "create")));
      String large = plan((int) (PLAN_BYTES / 10_000), change("aws_db_instance.main", "delete"));
      assertThat(Files.size(Path.of(large))).isGreaterThan(PLAN_BYTES);
      report("UNCONFIRMED", "--plan-json", large, "--note-file", log);
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() -> chatMessages.size() == 1 && full.count() == 1 && plain.count() == 2);

      assertThat(chatMessages.element())
          .contains("*Destroys 1*\\naws_db_instance.main", "Error: ***");
      ReceivedRequest received = full.requests().getFirst();
      assertThat(received.bodyText())
          .endsWith(
              ",\"note\":\"Error: ***\",\"changes\":[{\"address\":\"aws_db_instance.main\","
                  + "\"type\":\"aws_db_instance\",\"action\":\"delete\"}]}");
      assertThat(received.json().at("/run/delta/resources").asLong())
          .isEqualTo(PLAN_BYTES / 10_000);
      String known = plain.requests().getLast().bodyText();
      assertThat(received.bodyText()).startsWith(known.substring(0, known.length() - 1));
      assertThat(List.of(full, plain))
          .allSatisfy(each -> assertThat(each.requests()).allMatch(ReceivedRequest::verified));
      JsonNode sent = client.get("/deliveries/" + received.delivery()).requireSuccess().json();
      assertThat(sent.at("/attempts/0/requestBody").asText()).isEqualTo(received.bodyText());
      assertThat(sent.at("/request/body").asText()).isEqualTo(received.bodyText());
      assertThat(server.allOutput()).doesNotContain("s3cret", "aws_db_instance");
    }
  }

  @Test
  void a_skip_is_explained_and_can_be_replayed() throws IOException {
    String webhook = createChatWebhook();
    report("UNCONFIRMED", "--plan-json", plan(0, change("aws_db_instance.new", "create")));

    RunhookProcess why =
        installation.start(
            Map.of("RUNHOOK_URL", server.url(), "RUNHOOK_TOKEN", installation.token()),
            "why",
            "r1");

    assertThat(why.awaitExit()).as(why.allOutput()).isZero();
    assertThat(why.out().text())
        .contains("the run deletes 0 resources; the webhook wants at least 1");
    client.patch("/stacks/net/webhooks/" + webhook, "{\"deletedAtLeast\":null}").requireSuccess();
    client
        .post(
            "/stacks/net/webhooks/" + webhook + "/replays",
            "{\"status\":\"SKIPPED\",\"run\":\"r1\"}")
        .requireSuccess();
    await().atMost(RunhookProcess.TIMEOUT).until(() -> chatMessages.size() == 1);
    assertThat(chatMessages.element()).doesNotContain("Destroys");
  }

  @Test
  void a_hostile_plan_is_refused_and_the_state_is_reported() throws IOException {
    Path deep =
        Files.writeString(
            folder.resolve("deep.json"), "{\"resource_changes\":" + "[".repeat(100_000));

    RunhookProcess report = report("PLANNING", "--plan-json", deep.toString());

    assertThat(report.err().text())
        .contains("deep.json is not used: it is nested deeper than 1,000 levels")
        .doesNotContain("Exception", "StackOverflow");
    assertThat(client.get("/stacks/net/runs/r1").requireSuccess().json().path("state").asText())
        .isEqualTo("PLANNING");
  }
}
