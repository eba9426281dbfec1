package dev.runhook.bootstrap.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.process.ApiClient;
import dev.runhook.bootstrap.process.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A server with its page, and the API to set the scene.
record Site(Path folder, Home home, String url, ApiClient api) implements AutoCloseable {
  static final String ADMIN = "an-admin-token-for-the-page-only";

  static Site open() {
    Path folder = newFolder();
    Home home =
        Home.furnished(
            folder,
            Map.of(
                "RUNHOOK_ACCOUNT", "acme",
                "RUNHOOK_ADMIN_TOKEN", ADMIN,
                "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
                "RUNHOOK_RETRY_SCHEDULE", "100ms"));
    try {
      String url = home.serve().url();
      return new Site(folder, home, url, new ApiClient(url, ADMIN));
    } catch (RuntimeException | AssertionError e) {
      home.close();
      throw e;
    }
  }

  static ObjectNode json() {
    return JsonNodeFactory.instance.objectNode();
  }

  void stack(String id, ObjectNode said) throws IOException {
    api.put("/stacks/" + id, said.toString()).expectingSuccess();
  }

  void stack(String id, String name) throws IOException {
    stack(id, json().put("name", name));
  }

  /// @param stacks which it is limited to; all where there is none
  String tokenOf(String role, String... stacks) throws IOException {
    ObjectNode said = json().put("name", role).put("role", role);
    if (stacks.length > 0) {
      List.of(stacks).forEach(said.putArray("stacks")::add);
    }
    return api.post("/tokens", said.toString()).expectingSuccess().json().path("token").asText();
  }

  /// Attaches a webhook; the place of its views.
  String webhook(String stack, ObjectNode said) throws IOException {
    String id =
        api.post("/stacks/" + stack + "/webhooks", said.toString())
            .expectingSuccess()
            .json()
            .path("id")
            .asText();
    return "#/stacks/" + stack + "/settings/integrations/" + id;
  }

  @Override
  public void close() {
    home.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("runhook-page-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
