package dev.runhook.http.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PayloadRoutesTest {
  @AutoClose private final DeliveryFixture scene = new DeliveryFixture();
  private final TestServer server = scene.server;

  @Test
  void a_delivery_shows_that_its_body_is_forgotten_and_lists_go_on() {
    scene.startRun("r1");
    server.dispatch();

    TestResponse before = scene.details();
    TestResponse forgotten = server.delete("/stacks/demo/runs/r1/payloads").isOk();
    TestResponse delivery = scene.details();

    assertThat(forgotten.text()).isEqualTo("{\"erased\":1,\"retained\":0}");
    assertThat(delivery.at("/request/body").isNull()).isTrue();
    assertThat(delivery.textAt("/request/bodySha256")).matches("[0-9a-f]{64}");
    assertThat(delivery.textAt("/request/source")).isEqualTo("SENT");
    assertThat(delivery.at("/request/headers")).isEqualTo(before.at("/request/headers"));
    assertThat(delivery.at("/attempts")).hasSize(1);
    assertThat(delivery.at("/explanation").toString()).contains("was forgotten on demand");
    assertThat(server.get("/stacks/demo/runs/r1").isOk().at("/transitions")).hasSize(1);
  }

  @Test
  void what_is_still_to_be_sent_is_counted_and_kept() {
    scene.startRun("r1");

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
  void what_is_forgotten_cannot_be_sent_again_and_is_written_down() {
    scene.startRun("r1");
    server.dispatch();
    server.delete("/stacks/demo/runs/r1/payloads").isOk();

    server
        .post("/deliveries/" + scene.newestDelivery() + "/redeliver", "")
        .isProblem(409, "payload-erased");
    TestResponse audit = server.get("/audit?action=PAYLOADS_ERASED").isOk();

    assertThat(audit.at("/items")).hasSize(1);
    assertThat(audit.textAt("/items/0/stack")).isEqualTo("demo");
    assertThat(audit.textAt("/items/0/detail")).isEqualTo("r1");
  }

  @Test
  void a_token_of_some_stacks_forgets_of_those_alone() {
    scene.startRun("r1");
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
  void runs_that_are_not_there_have_nothing_to_forget() {
    server.delete("/stacks/demo/runs/none/payloads").isProblem(404, "no-such-run");
    server.delete("/stacks/none/runs/r1/payloads").isProblem(404, "no-such-stack");
  }

  @Test
  void only_an_admin_forgets() {
    server.sendAs(TestServer.WRITER, "DELETE", "/payloads", "").isProblem(403, "not-permitted");
  }
}
