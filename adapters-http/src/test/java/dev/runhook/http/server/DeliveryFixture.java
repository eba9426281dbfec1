package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.webhook.Endpoint;

/// A server with the stack `demo` and one webhook, and steps that create deliveries. Nothing is
/// sent before [TestServer#dispatch]. [TestServer#transport] determines the responses of
/// [#ENDPOINT].
public final class DeliveryFixture implements AutoCloseable {
  public static final Endpoint ENDPOINT = Endpoint.ofStored("https://hooks.example.com/in");

  /// The value of the custom header `X-Key`.
  public static final String KEY = "k";

  public final TestServer server = new TestServer().withDemoStack();

  /// The path of the webhook, which receives all states.
  public final String webhook =
      "/stacks/demo/webhooks/"
          + server
              .post(
                  "/stacks/demo/webhooks",
                  "{\"endpoint\":\"%s\",\"headers\":{\"X-Key\":\"%s\"}}"
                      .formatted(ENDPOINT.text(), KEY))
              .is(201)
              .textAt("/id");

  /// Creates a run of `demo` and records its transitions. Each one creates exactly one delivery.
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

  /// The id of the newest delivery of the webhook.
  public String newestDelivery() {
    return server.get(webhook + "/deliveries").textAt("/items/0/id");
  }

  /// The details of the newest delivery.
  public TestResponse details() {
    return server.get("/deliveries/" + newestDelivery()).isOk();
  }

  /// Pings a webhook of another stack, `net`.
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
