package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.webhook.Endpoint;

/// A server with the stack `demo` and one webhook on it, and what happens there before a delivery
/// can be looked at. Nothing is sent before [TestServer#dispatch]; what [#ENDPOINT] answers is up
/// to [TestServer#transport].
public final class DeliveryFixture implements AutoCloseable {
  public static final Endpoint ENDPOINT = Endpoint.ofStored("https://hooks.example.com/in");

  /// What requests to the webhook carry as `X-Key`.
  public static final String KEY = "k";

  public final TestServer server = new TestServer().withDemoStack();

  /// The path of the webhook, which wants every state.
  public final String webhook =
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
  public void startRun(String id, String... states) {
    server
        .post(
            "/stacks/demo/runs",
            "{\"id\":\"" + id + "\",\"branch\":\"main\",\"commit\":{\"hash\":\"h\"}}")
        .is(201);
    for (String state : states) {
      TestResponse moved =
          server
              .post("/stacks/demo/runs/" + id + "/transitions", "{\"state\":\"" + state + "\"}")
              .is(201);
      assertThat(moved.at("/deliveries").asInt()).isEqualTo(1);
    }
  }

  /// The id of the delivery that the webhook got last.
  public String newestDelivery() {
    return server.get(webhook + "/deliveries").textAt("/items/0/id");
  }

  /// All that is told of the newest delivery.
  public TestResponse details() {
    return server.get("/deliveries/" + newestDelivery()).isOk();
  }

  /// A ping to a webhook of another stack, `net`.
  public TestResponse pingOtherStack() {
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
