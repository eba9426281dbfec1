package dev.runhook.http.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What webhooks would have received.
@Tag("slow")
@Tag("four-buckets")
class DryRunRoutesTest {
  private static final List<String> STATES = List.of("READY", "PLANNING", "APPLYING", "FINISHED");
  private static final List<String> BRANCHES = List.of("main", "release/1", "feature/vpc");
  private static final List<String> TYPES = List.of("TRACKED", "PROPOSED");

  @AutoClose private final TestServer server = new TestServer().withDemoStack();

  private void start(String stack, String id, String branch, String more) {
    server
        .post(
            "/stacks/" + stack + "/runs",
            "{\"id\":\"%s\",\"branch\":\"%s\",\"commit\":{\"hash\":\"h\"}%s}"
                .formatted(id, branch, more))
        .is(201);
  }

  private void enter(String run, String state, String more) {
    server
        .post(
            "/stacks/demo/runs/" + run + "/transitions",
            "{\"state\":\"" + state + "\"" + more + "}")
        .is(201);
  }

  private TestResponse dryRun(String settings) {
    return server.post("/stacks/demo/webhooks/dry-run", settings).isOk();
  }

  @Test
  void transitions_are_sent_or_have_a_reason() {
    start("demo", "one", "main", "");
    start("demo", "two", "feature/vpc", "");
    enter("one", "FINISHED", "");

    TestResponse tried = dryRun("{\"branches\":[\"main\"],\"endpoint\":\"https://example.com\"}");

    assertThat(tried.at("/examined").asInt()).isEqualTo(3);
    assertThat(tried.at("/sent").asInt()).isEqualTo(2);
    assertThat(tried.at("/sentPerDay").asDouble()).isEqualTo(2.0);
    assertThat(tried.at("/skipped").toString())
        .isEqualTo("[{\"code\":\"SKIPPED_BRANCH\",\"count\":1}]");
    assertThat(tried.texts("/latest", "run")).containsExactly("one", "two", "one");
    assertThat(tried.at("/latest/0/skip").isNull()).isTrue();
    assertThat(tried.textAt("/latest/1/skip/code")).isEqualTo("SKIPPED_BRANCH");
    assertThat(tried.at("/complete").asBoolean()).isTrue();
    assertThat(server.get("/webhooks").isOk().at("/items")).isEmpty();
  }

  /// The delta, the state before and the type are those of the time of the transition.
  @Test
  void the_same_settings_would_have_decided_as_the_webhooks_did() {
    Random random = new Random(7);
    List<String> settings = IntStream.range(0, 20).mapToObj(ignored -> settings(random)).toList();
    List<String> webhooks = new ArrayList<>();
    for (int i = 0; i < settings.size(); i++) {
      String body =
          "{\"endpoint\":\"https://example.com/" + i + "\"," + settings.get(i).substring(1);
      webhooks.add(server.post("/stacks/demo/webhooks", body).is(201).textAt("/id"));
    }
    for (int run = 0; run < 15; run++) {
      String id = "run-" + run;
      start("demo", id, pick(random, BRANCHES), ",\"type\":\"" + pick(random, TYPES) + "\"");
      for (String state : STATES) {
        String delta =
            random.nextInt(4) == 0
                ? ",\"delta\":{\"added\":%d,\"changed\":0,\"deleted\":0,\"resources\":9}"
                    .formatted(random.nextInt(2))
                : random.nextInt(3) == 0
                    ? ",\"changes\":[{\"address\":\"aws_a.b\",\"type\":\"aws_a\",\"action\":\"%s\"}],"
                            .formatted(pick(random, List.of("create", "update", "replace")))
                        + "\"changesTruncated\":%s".formatted(random.nextBoolean())
                    : "";
        enter(id, state, delta);
      }
    }

    for (int i = 0; i < settings.size(); i++) {
      String webhook = webhooks.get(i);
      TestResponse tried = dryRun(settings.get(i));
      List<String> expected = new ArrayList<>();
      for (int run = 0; run < 15; run++) {
        TestResponse explained = server.get("/stacks/demo/runs/run-" + run + "/explanation").isOk();
        explained
            .at("/transitions")
            .forEach(transition ->
                transition
                    .path("webhooks")
                    .forEach(outcome -> {
                      if (outcome.path("webhook").asText().equals(webhook)) {
                        expected.add(
                            "%s %s %s"
                                .formatted(
                                    explained.textAt("/run"),
                                    transition.path("state").asText(),
                                    outcome.path("delivery").isNull()
                                        ? outcome.at("/explanation/0/text").asText()
                                        : "sent"));
                      }
                    }));
      }
      List<String> decided = new ArrayList<>();
      tried
          .at("/latest")
          .forEach(latest ->
              decided.add(
                  "%s %s %s"
                      .formatted(
                          latest.path("run").asText(),
                          latest.path("state").asText(),
                          latest.path("skip").isNull()
                              ? "sent"
                              : latest.at("/skip/text").asText())));
      assertThat(decided)
          .as(settings.get(i))
          .hasSize(75)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static String settings(Random random) {
    List<String> fields = new ArrayList<>();
    if (random.nextBoolean()) {
      fields.add("\"states\":[\"" + pick(random, STATES) + "\",\"QUEUED\"]");
    }
    if (random.nextBoolean()) {
      fields.add(
          "\"branches\":[\"" + pick(random, List.of("main", "release/*", "!feature/**")) + "\"]");
    }
    if (random.nextInt(3) == 0) {
      fields.add("\"types\":[\"" + pick(random, TYPES) + "\"]");
    }
    if (random.nextInt(3) == 0) {
      fields.add("\"delta\":" + random.nextBoolean());
    }
    if (random.nextInt(3) == 0) {
      fields.add(
          pick(
              random,
              List.of(
                  "\"deletedAtLeast\":1",
                  "\"changedAtLeast\":1",
                  "\"resources\":[\"destroy:aws_*\"]",
                  "\"resources\":[\"aws_a\"]")));
    }
    if (random.nextInt(3) == 0) {
      fields.add("\"previousStates\":[\"" + pick(random, STATES) + "\"]");
    }
    fields.add("\"format\":\"" + pick(random, List.of("runhook", "slack")) + "\"");
    return "{" + String.join(",", fields) + "}";
  }

  private static String pick(Random random, List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  @Test
  void an_account_webhook_sees_the_stacks_of_its_selector() {
    server.put("/stacks/net", "{\"name\":\"Net\",\"labels\":[\"env:prod\"]}").is(201);
    start("demo", "one", "main", "");
    start("net", "two", "main", "");

    String path = "/account-webhooks/dry-run";
    assertThat(server.post(path, "{\"selector\":{}}").isOk().texts("/latest", "stack"))
        .containsExactly("net", "demo");
    assertThat(
            server
                .post(path, "{\"selector\":{\"labels\":\"env:prod\"}}")
                .isOk()
                .texts("/latest", "stack"))
        .containsExactly("net");
    assertThat(
            server.post(path, "{\"selector\":{\"stacks\":[\"x\"]}}").isOk().at("/examined").asInt())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"period\":\"31d\"}",
        "{\"period\":\"0s\"}",
        "{\"secret\":\"x\"}",
        "{\"states\":[\"X\"]}"
      })
  void invalid_settings_are_refused(String body) {
    server.post("/stacks/demo/webhooks/dry-run", body).isProblem(400, "validation-error");
    server.post("/stacks/none/webhooks/dry-run", "{}").isProblem(404, "no-such-stack");
  }
}
