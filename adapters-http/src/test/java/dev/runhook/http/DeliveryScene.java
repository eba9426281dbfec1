package dev.runhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.webhook.Endpoint;

/// A server with the stack `demo` and one webhook on it, and what happens there before a delivery
/// can be looked at. Nothing is sent before [TestServer#dispatch]; what [#ENDPOINT] answers is up
/// to [TestServer#transport].
final class DeliveryScene implements AutoCloseable {
  static final Endpoint ENDPOINT = Endpoint.stored("https://hooks.example.com/in");

  /// What requests to the webhook carry as `X-Key`.
  static final String KEY = "k";

  final TestServer server = new TestServer().withDemo();

  /// The path of the webhook, which wants every state.
  final String webhook =
      "/stacks/demo/webhooks/"
          + server
              .post(
                  "/stacks/demo/webhooks",
                  "{\"endpoint\":\"%s\",\"headers\":{\"X-Key\":\"%s\"}}"
                      .formatted(ENDPOINT.text(), KEY))
              .is(201)
              .textAt("/id");

  /// Registers a run of `demo` and moves it on through the states, of each of which exactly one
  /// webhook is told.
  void run(String id, String... states) {
    server
        .post(
            "/stacks/demo/runs",
            "{\"id\":\"" + id + "\",\"branch\":\"main\",\"commit\":{\"hash\":\"h\"}}")
        .is(201);
    for (String state : states) {
      Reply moved =
          server
              .post("/stacks/demo/runs/" + id + "/transitions", "{\"state\":\"" + state + "\"}")
              .is(201);
      assertThat(moved.at("/deliveries").asInt()).isEqualTo(1);
    }
  }

  /// The id of the delivery that the webhook got last.
  String newest() {
    return server.get(webhook + "/deliveries").textAt("/items/0/id");
  }

  /// All that is told of the newest delivery.
  Reply story() {
    return server.get("/deliveries/" + newest()).isOk();
  }

  /// A ping to a webhook of another stack, `net`.
  Reply pingElsewhere() {
    server.put("/stacks/net", "{\"name\":\"Net\"}").is(201);
    String other =
        server
            .post("/stacks/net/webhooks", "{\"endpoint\":\"https://example.com\"}")
            .is(201)
            .textAt("/id");
    return server.post("/stacks/net/webhooks/" + other + "/ping", "").is(202);
  }

  @Override
  public void close() {
    server.close();
  }
}
