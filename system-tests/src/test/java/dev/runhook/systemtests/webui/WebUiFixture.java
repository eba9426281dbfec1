package dev.runhook.systemtests.webui;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// A server with its web UI, and a client of its API that creates test data.
record WebUiFixture(
    Path directory, ServerInstallation installation, RunhookProcess server, ApiClient api)
    implements AutoCloseable {
  static final String ADMIN_TOKEN = "an-admin-token-for-the-web-ui";

  static WebUiFixture start() {
    return start("all");
  }

  static WebUiFixture start(String role) {
    Path folder = newFolder();
    ServerInstallation installation =
        ServerInstallation.withPreparedDatabase(
            folder,
            Map.of(
                "RUNHOOK_ACCOUNT", "acme",
                "RUNHOOK_ADMIN_TOKEN", ADMIN_TOKEN,
                "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
                "RUNHOOK_RETRY_SCHEDULE", "100ms",
                "RUNHOOK_ROLE", role));
    try {
      RunhookProcess server = installation.serve();
      return new WebUiFixture(
          folder, installation, server, new ApiClient(server.url(), ADMIN_TOKEN));
    } catch (RuntimeException | AssertionError e) {
      installation.close();
      throw e;
    }
  }

  String url() {
    return server.url();
  }

  static ObjectNode json() {
    return JsonNodeFactory.instance.objectNode();
  }

  void putStack(String id, ObjectNode json) throws IOException {
    api.put("/stacks/" + id, json.toString()).requireSuccess();
  }

  void putStack(String id, String name) throws IOException {
    putStack(id, json().put("name", name));
  }

  /// @param stacks the stacks to which the token is limited; all stacks if empty
  String createToken(String role, String... stacks) throws IOException {
    ObjectNode json = json().put("name", role).put("role", role);
    if (stacks.length > 0) {
      List.of(stacks).forEach(json.putArray("stacks")::add);
    }
    return api.post("/tokens", json.toString()).requireSuccess().json().path("token").asText();
  }

  /// The path in the API of the webhook with that address.
  static String pathOf(String webhook) {
    String[] parts = webhook.split("/", -1);
    return "/stacks/" + parts[2] + "/webhooks/" + parts[5];
  }

  /// Waits until that many deliveries of the webhook have the status.
  void awaitStatus(String webhook, String status, int count) {
    String path = pathOf(webhook) + "/deliveries?limit=200&status=" + status;
    Awaitility.await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> api.get(path).requireSuccess().json().path("items").size() == count);
  }

  /// Creates a webhook and returns the address of its view.
  String createWebhook(String stack, ObjectNode json) throws IOException {
    String id =
        api.post("/stacks/" + stack + "/webhooks", json.toString())
            .requireSuccess()
            .json()
            .path("id")
            .asText();
    return "#/stacks/" + stack + "/settings/integrations/" + id;
  }

  @Override
  public void close() {
    installation.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("runhook-web-ui-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
