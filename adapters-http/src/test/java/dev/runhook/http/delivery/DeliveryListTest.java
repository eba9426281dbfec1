package dev.runhook.http.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists of deliveries and their filters.
@Tag("four-buckets")
class DeliveryListTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void every_filter_excludes_deliveries_that_do_not_match() {
    fixture.startRun("r1", "READY");
    fixture.startRun("r2");
    String all = fixture.webhook + "/deliveries";
    String middle = server.get(all).textAt("/items/1/createdAt");

    assertThat(server.get(all).texts("/items", "run")).containsExactly("r2", "r1", "r1");
    assertThat(server.get(all + "?run=r1").texts("/items", "state"))
        .containsExactly("READY", "QUEUED");
    assertThat(server.get(all + "?state=READY").texts("/items", "run")).containsExactly("r1");
    assertThat(server.get(all + "?status=PENDING").at("/items")).hasSize(3);
    assertThat(server.get(all + "?status=FAILED").at("/items")).isEmpty();
    assertThat(server.get(all + "?from=" + middle).texts("/items", "state"))
        .containsExactly("QUEUED", "READY");
    assertThat(server.get(all + "?to=" + middle).texts("/items", "state"))
        .containsExactly("QUEUED");
    assertThat(server.get(all + "?state=QUEUED&run=r2&status=PENDING").at("/items")).hasSize(1);
  }

  @Test
  void deliveries_are_filtered_by_webhook_and_by_their_latest_attempt() {
    fixture.startRun("r1");
    server.transport.enqueue(DeliveryFixture.ENDPOINT, Outcome.Responded.of(503));
    server.dispatch();
    fixture.startRun("r2");
    server.dispatch();
    String id = fixture.webhook.substring(fixture.webhook.lastIndexOf('/') + 1);

    for (String list : List.of(fixture.webhook + "/deliveries", "/deliveries")) {
      assertThat(server.get(list + "?outcome=REJECTED").isOk().texts("/items", "run"))
          .containsExactly("r1");
      assertThat(server.get(list + "?outcome=DELIVERED").isOk().texts("/items", "run"))
          .containsExactly("r2");
      assertThat(server.get(list + "?statusCode=503").isOk().texts("/items", "run"))
          .containsExactly("r1");
      assertThat(server.get(list + "?statusCode=503&status=FAILED").isOk().at("/items")).isEmpty();
      assertThat(server.get(list + "?statusCode=500").isOk().at("/items")).isEmpty();
    }
    assertThat(server.get("/deliveries?webhook=" + id).isOk().texts("/items", "run"))
        .containsExactly("r2", "r1");
    assertThat(
            server
                .get("/stacks/demo/runs/r1/deliveries?statusCode=503&webhook=" + id)
                .isOk()
                .at("/items"))
        .hasSize(1);
    assertThat(server.get("/deliveries?webhook=" + UUID.randomUUID()).isOk().at("/items"))
        .isEmpty();
  }

  @Test
  void a_delivery_has_a_phase_in_lists_details_and_the_explanation_of_its_run() {
    fixture.startRun("r1", "READY");
    server.transport.enqueue(DeliveryFixture.ENDPOINT, Outcome.Responded.of(500));
    List<String> recorded = phases();
    server.dispatch();
    List<String> failedOnce = phases();
    server.patch(fixture.webhook, "{\"enabled\":false}").isOk();

    assertThat(recorded).containsExactly("WAITING_FOR_LANE", "DUE");
    assertThat(failedOnce).containsExactly("WAITING_FOR_LANE", "RETRYING");
    assertThat(phases()).containsExactly("DISABLED", "DISABLED");
    assertThat(fixture.details().textAt("/phase")).isEqualTo("DISABLED");
    TestResponse run = server.get("/stacks/demo/runs/r1/explanation").isOk();
    assertThat(run.textAt("/transitions/0/webhooks/0/phase")).isEqualTo("DISABLED");
  }

  private List<String> phases() {
    return server.get(fixture.webhook + "/deliveries").isOk().texts("/items", "phase");
  }

  @Test
  void a_delivery_is_only_said_to_be_sent_while_a_process_has_claimed_it() {
    fixture.startRun("r1");

    TestResponse due = fixture.details();

    assertThat(due.textAt("/explanation/1/code")).isEqualTo("UNCLAIMED");
    assertThat(due.textAt("/explanation/1/params/at")).isEqualTo(due.textAt("/nextAttemptAt"));
  }

  @Test
  void a_failed_delivery_names_what_it_was_resent_as() {
    server.patch(fixture.webhook, "{\"retrySchedule\":[]}").isOk();
    server.transport.enqueue(DeliveryFixture.ENDPOINT, Outcome.Responded.of(500));
    fixture.startRun("r1");
    server.dispatch();
    String failed = fixture.newestDelivery();
    TestResponse before = fixture.details();
    String again = server.post("/deliveries/" + failed + "/redeliver", "").is(202).textAt("/id");
    server.dispatch();

    assertThat(before.textAt("/phase")).isEqualTo("FAILED");
    assertThat(before.at("/resentAs").isNull()).isTrue();
    TestResponse list = server.get("/deliveries?status=FAILED").isOk();
    TestResponse details = server.get("/deliveries/" + failed).isOk();
    assertThat(list.textAt("/items/0/resentAs/id")).isEqualTo(again);
    assertThat(list.textAt("/items/0/resentAs/status")).isEqualTo("DELIVERED");
    assertThat(details.at("/resentAs")).isEqualTo(list.at("/items/0/resentAs"));
    assertThat(fixture.details().at("/resentAs").isNull()).isTrue();
  }

  @Test
  void attempts_are_a_number_in_lists_and_a_list_in_details() {
    fixture.startRun("r1");
    server.dispatch();

    TestResponse details = fixture.details();

    assertThat(server.get("/deliveries").at("/items/0/attemptCount").isInt()).isTrue();
    assertThat(server.get("/deliveries").at("/items/0/attempts").isMissingNode()).isTrue();
    assertThat(details.at("/attemptCount").isInt()).isTrue();
    assertThat(details.at("/attempts").isArray()).isTrue();
    assertThat(details.at("/attemptsTruncated").isBoolean()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhook=1",
        "kind=late",
        "outcome=LATE",
        "statusCode=99",
        "statusCode=x",
        "redelivered=maybe"
      })
  void an_invalid_filter_is_named(String filter) {
    String name = filter.substring(0, filter.indexOf('='));

    assertThat(
            server
                .get("/deliveries?" + filter)
                .isProblem(400, "validation-error")
                .textAt("/detail"))
        .startsWith(name + ": ");
  }

  @Test
  void an_invalid_filter_is_reported_with_the_expected_format() {
    String all = fixture.webhook + "/deliveries";

    TestResponse offset =
        server.get(all + "?from=2026-01-31T13:00:00+01:00").isProblem(400, "validation-error");
    TestResponse run = server.get(all + "?run=a%20b").isProblem(400, "validation-error");

    assertThat(offset.textAt("/detail"))
        .isEqualTo("from: has a space before the offset; write + as %2B in a query");
    server.get(all + "?from=2026-01-31T13:00:00%2B01:00").isOk();
    assertThat(run.textAt("/detail")).startsWith("run: a run's id has 1 to 128 letters");
  }

  @Test
  void the_deliveries_of_a_run_include_those_to_all_webhooks() {
    server.post("/stacks/demo/webhooks", "{\"endpoint\":\"https://example.com/two\"}").is(201);
    fixture.startRun("r1");
    fixture.startRun("r2");
    String all = "/stacks/demo/runs/r1/deliveries";

    assertThat(server.get(all).isOk().texts("/items", "run")).containsExactly("r1", "r1");
    assertThat(server.get(all).texts("/items", "webhook")).doesNotHaveDuplicates();
    assertThat(server.get(all).texts("/items", "stack")).containsOnly("demo");
    assertThat(server.get(all + "?state=READY").isOk().at("/items")).isEmpty();
    assertThat(server.get(all + "?status=PENDING&limit=1").isOk().textAt("/next")).isNotBlank();
    server.get(all + "?run=r1").isProblem(400, "validation-error");
    server.get("/stacks/demo/runs/r3/deliveries").isProblem(404, "no-such-run");
  }

  @Test
  void deliveries_of_the_account_are_limited_to_visible_stacks() {
    fixture.startRun("r1", "READY");
    fixture.pingOtherStack();

    assertThat(server.get("/deliveries").isOk().texts("/items", "stack"))
        .containsExactly("net", "demo", "demo");
    assertThat(server.get("/deliveries?stack=net").isOk().texts("/items", "kind"))
        .containsExactly("ping");
    assertThat(server.get("/deliveries?kind=ping").isOk().texts("/items", "stack"))
        .containsExactly("net");
    assertThat(server.get("/deliveries?stack=none").isOk().at("/items")).isEmpty();
    assertThat(server.get("/deliveries?run=r1&state=READY").isOk().at("/items")).hasSize(1);
    assertThat(server.getAs(TestServer.STACK_ADMIN, "/deliveries").isOk().texts("/items", "stack"))
        .containsExactly("demo", "demo");
    assertThat(server.getAs(TestServer.STACK_ADMIN, "/deliveries?stack=net").isOk().at("/items"))
        .isEmpty();
    assertThat(server.getAs(TestServer.OTHER_ACCOUNT, "/deliveries").isOk().at("/items")).isEmpty();
    server.get("/deliveries?stack=a%20b").isProblem(400, "validation-error");
  }
}
