package dev.runhook.http.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("four-buckets")
class PayloadErasureTest {
  private static final String ALL = "/payloads?confirm=acme";

  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void a_delivery_shows_that_its_body_was_erased_and_lists_still_work() {
    fixture.startRun("r1");
    server.dispatch();

    TestResponse before = fixture.details();
    TestResponse erasure = server.delete("/stacks/demo/runs/r1/payloads").isOk();
    TestResponse delivery = fixture.details();

    assertThat(erasure.text()).isEqualTo("{\"dryRun\":false,\"erased\":1,\"retained\":0}");
    assertThat(delivery.at("/request/body").isNull()).isTrue();
    assertThat(delivery.textAt("/request/bodySha256")).matches("[0-9a-f]{64}");
    assertThat(delivery.textAt("/request/source")).isEqualTo("SENT");
    assertThat(delivery.at("/request/headers")).isEqualTo(before.at("/request/headers"));
    assertThat(delivery.at("/attempts")).hasSize(1);
    assertThat(delivery.texts("/explanation", "code")).contains("PAYLOAD_ERASED");
    assertThat(server.get("/stacks/demo/runs/r1").isOk().at("/transitions")).hasSize(1);
  }

  @Test
  void a_payload_that_still_has_to_be_sent_is_retained() {
    fixture.startRun("r1");

    TestResponse first = server.delete(ALL).isOk();
    server.dispatch();
    TestResponse then = server.delete(ALL).isOk();
    TestResponse last = server.delete(ALL).isOk();

    assertThat(first.text()).isEqualTo("{\"dryRun\":false,\"erased\":0,\"retained\":1}");
    assertThat(then.text()).isEqualTo("{\"dryRun\":false,\"erased\":1,\"retained\":0}");
    assertThat(last.text()).isEqualTo("{\"dryRun\":false,\"erased\":0,\"retained\":0}");
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
    assertThat(audit.textAt("/items/0/details/run")).isEqualTo("r1");
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

    TestResponse limited = server.sendAs(TestServer.STACK_ADMIN, "DELETE", ALL, "").isOk();
    TestResponse all = server.delete(ALL).isOk();

    assertThat(limited.at("/erased").asInt()).isEqualTo(1);
    assertThat(all.at("/erased").asInt()).isEqualTo(1);
  }

  @Test
  void payloads_of_an_unknown_run_cannot_be_erased() {
    server.delete("/stacks/demo/runs/none/payloads").isProblem(404, "no-such-run");
    server.delete("/stacks/none/runs/r1/payloads").isProblem(404, "no-such-stack");
  }

  @Test
  void erasing_everything_needs_the_name_of_the_account_and_can_be_tried_first() {
    fixture.startRun("r1");
    server.dispatch();
    fixture.startRun("r2");

    TestResponse dryRun = server.delete("/payloads?dryRun=true").isOk();
    TestResponse unconfirmed = server.delete("/payloads").isProblem(400, "validation-error");
    server.delete("/payloads?confirm=other").isProblem(400, "validation-error");
    server.delete("/payloads?confirm=acme&dryRun=no").isProblem(400, "validation-error");

    assertThat(dryRun.text()).isEqualTo("{\"dryRun\":true,\"erased\":1,\"retained\":1}");
    assertThat(unconfirmed.text()).contains("confirm: must be \\\"acme\\\"");
    assertThat(server.get("/audit?action=PAYLOADS_ERASED").at("/items")).isEmpty();
    assertThat(server.delete(ALL).isOk().at("/erased").asInt()).isEqualTo(1);
  }

  @Test
  void only_an_admin_can_erase() {
    server.sendAs(TestServer.WRITER, "DELETE", ALL, "").isProblem(403, "not-permitted");
  }
}
