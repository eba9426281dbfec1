package dev.runhook.http.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PayloadErasureTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void a_delivery_shows_that_its_body_was_erased_and_lists_still_work() {
    fixture.startRun("r1");
    server.dispatch();

    TestResponse before = fixture.details();
    TestResponse erasure = server.delete("/stacks/demo/runs/r1/payloads").isOk();
    TestResponse delivery = fixture.details();

    assertThat(erasure.text()).isEqualTo("{\"erased\":1,\"retained\":0}");
    assertThat(delivery.at("/request/body").isNull()).isTrue();
    assertThat(delivery.textAt("/request/bodySha256")).matches("[0-9a-f]{64}");
    assertThat(delivery.textAt("/request/source")).isEqualTo("SENT");
    assertThat(delivery.at("/request/headers")).isEqualTo(before.at("/request/headers"));
    assertThat(delivery.at("/attempts")).hasSize(1);
    assertThat(delivery.at("/explanation").toString()).contains("was erased on request");
    assertThat(server.get("/stacks/demo/runs/r1").isOk().at("/transitions")).hasSize(1);
  }

  @Test
  void a_payload_that_still_has_to_be_sent_is_retained() {
    fixture.startRun("r1");

    TestResponse first = server.delete("/payloads").isOk();
    server.dispatch();
    TestResponse then = server.delete("/payloads").isOk();
    TestResponse last = server.delete("/payloads").isOk();

    assertThat(first.text()).isEqualTo("{\"erased\":0,\"retained\":1}");
    assertThat(then.text()).isEqualTo("{\"erased\":1,\"retained\":0}");
    assertThat(last.text()).isEqualTo("{\"erased\":0,\"retained\":0}");
    assertThat(server.transport.requests()).hasSize(1);
  }

  @Test
  void an_erased_payload_cannot_be_redelivered_and_the_erasure_is_audited() {
    fixture.startRun("r1");
    server.dispatch();
    server.delete("/stacks/demo/runs/r1/payloads").isOk();

    server
        .post("/deliveries/" + fixture.newestDelivery() + "/redeliver", "")
        .isProblem(409, "payload-erased");
    TestResponse audit = server.get("/audit?action=PAYLOADS_ERASED").isOk();

    assertThat(audit.at("/items")).hasSize(1);
    assertThat(audit.textAt("/items/0/stack")).isEqualTo("demo");
    assertThat(audit.textAt("/items/0/detail")).isEqualTo("r1");
  }

  @Test
  void a_limited_token_erases_only_payloads_of_its_stacks() {
    fixture.startRun("r1");
    server.put("/stacks/other", "{\"name\":\"Other\"}").is(201);
    server
        .post(
            "/stacks/other/runs", "{\"id\":\"r2\",\"branch\":\"main\",\"commit\":{\"hash\":\"h\"}}")
        .is(201);
    server.dispatch();

    TestResponse limited = server.sendAs(TestServer.STACK_ADMIN, "DELETE", "/payloads", "").isOk();
    TestResponse all = server.delete("/payloads").isOk();

    assertThat(limited.at("/erased").asInt()).isEqualTo(1);
    assertThat(all.at("/erased").asInt()).isEqualTo(1);
  }

  @Test
  void payloads_of_an_unknown_run_cannot_be_erased() {
    server.delete("/stacks/demo/runs/none/payloads").isProblem(404, "no-such-run");
    server.delete("/stacks/none/runs/r1/payloads").isProblem(404, "no-such-stack");
  }

  @Test
  void only_an_admin_can_erase() {
    server.sendAs(TestServer.WRITER, "DELETE", "/payloads", "").isProblem(403, "not-permitted");
  }
}
