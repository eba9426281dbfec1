package dev.runhook.bootstrap.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.process.ApiClient;
import dev.runhook.bootstrap.process.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// A server with its page, and the API to set the scene. Where there is no browser, tests are
/// skipped and say so.
record Site(Home home, String url, ApiClient api) implements AutoCloseable {
  static final String ADMIN = "an-admin-token-for-the-page-only";

  static Site open(Path folder) {
    assumeTrue(
        Browser.isInstalled(),
        "needs Debian's packages chromium and chromium-driver, that is "
            + Browser.CHROMIUM
            + " and "
            + Browser.DRIVER);
    Home home =
        new Home(
            folder,
            Map.of(
                "RUNHOOK_ACCOUNT", "acme",
                "RUNHOOK_ADMIN_TOKEN", ADMIN,
                "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
                "RUNHOOK_RETRY_SCHEDULE", "100ms"));
    String url = home.serve().url();
    return new Site(home, url, new ApiClient(url, ADMIN));
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

  String tokenOf(String role) throws IOException {
    return api.post("/tokens", json().put("name", role).put("role", role).toString())
        .expectingSuccess()
        .json()
        .path("token")
        .asText();
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
  }
}
