package dev.runhook.systemtests.fault;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ApiClient.Response;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A user whose token is limited to a stack of the default account.
final class StackAdmin implements AutoCloseable {
  static final int MAX_WEBHOOKS = 100;
  private static final String LONGEST_BRANCH = "a".repeat(256);
  private static final String MOST_LABELS =
      IntStream.range(0, 64).mapToObj(i -> "\"L" + i + "\"").collect(Collectors.joining(","));

  private final String stack;
  private final ApiClient admin;
  private final ApiClient client;
  private final List<String> runs = new CopyOnWriteArrayList<>();

  StackAdmin(RunhookProcess server, String stack) throws IOException {
    this.stack = stack;
    this.admin = FaultFixture.client(server);
    admin.put(path(""), "{\"name\":\"Stack\",\"labels\":[" + MOST_LABELS + "]}").requireSuccess();
    Response created =
        admin.post("/tokens", "{\"name\":\"t\",\"role\":\"admin\",\"stacks\":[\"" + stack + "\"]}");
    this.client =
        new ApiClient(server.url(), created.requireSuccess().json().path("token").asText());
  }

  String stack() {
    return stack;
  }

  private String path(String resource) {
    return "/stacks/" + stack + resource;
  }

  /// @param endpoint without a path
  /// @param settings members of a JSON object, each after a comma
  /// @return their ids
  List<String> createWebhooks(int count, String endpoint, String settings) throws IOException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String json = "{\"endpoint\":\"" + endpoint + "/" + i + "\"" + settings + "}";
      Response created = client.post(path("/webhooks"), json).requireSuccess();
      ids.add(created.json().path("id").asText());
    }
    return ids;
  }

  void patch(String webhook, String settings) throws IOException {
    client
        .patch(path("/webhooks/" + webhook), "{\"enabled\":true" + settings + "}")
        .requireSuccess();
  }

  void startRuns(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      startRun();
    }
  }

  void startRun() throws IOException {
    String run = UUID.randomUUID().toString();
    requireAccepted(
        client.post(
            path("/runs"),
            "{\"id\":\"%s\",\"branch\":\"%s\",\"commit\":{\"hash\":\"0\"}}"
                .formatted(run, LONGEST_BRANCH)));
    runs.add(run);
  }

  /// Reports a transition of each run at once.
  void reportTransitions() throws IOException {
    requireAccepted(
        client.post(
            "/transitions",
            runs.stream()
                .map(run ->
                    "{\"stack\":\"%s\",\"run\":\"%s\",\"state\":\"PLANNING\"}"
                        .formatted(stack, run))
                .collect(Collectors.joining(",", "[", "]"))));
  }

  /// Makes all deliveries that wait due.
  void retry(String webhook) throws IOException {
    requireAccepted(client.post(path("/webhooks/" + webhook + "/retry"), ""));
  }

  /// Too much load may be refused.
  private static void requireAccepted(Response response) {
    if (!response.isUnavailable()) {
      response.requireSuccess();
    }
  }

  String webhooks() throws IOException {
    return client.get(path("/webhooks")).body();
  }

  /// Deletes the stack with what waits for its webhooks.
  @Override
  public void close() throws IOException {
    admin.delete(path("")).requireSuccess();
  }
}
