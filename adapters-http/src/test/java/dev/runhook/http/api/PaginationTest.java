package dev.runhook.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.json.Json;
import dev.runhook.http.server.BreakableStore;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import dev.runhook.testkit.Samples;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("four-buckets")
class PaginationTest {
  private static final String WEBHOOK = "{\"endpoint\":\"https://example.com/a\"}";

  private final TestServer server = new TestServer().withDemoStack();

  @AfterEach
  void tearDown() {
    server.close();
  }

  private List<String> listAllPages(String list, String field, int limit) {
    List<String> all = new ArrayList<>();
    String after = "";
    do {
      TestResponse page = server.get(list + "?limit=" + limit + after).isOk();
      assertThat(page.fields()).containsExactly("items", "next");
      assertThat(page.at("/items").size()).isBetween(0, limit);
      all.addAll(page.texts("/items", field));
      after = page.at("/next").isNull() ? "" : "&after=" + page.textAt("/next");
      assertThat(after).matches("(&after=[A-Za-z0-9_-]+)?");
    } while (!after.isEmpty());
    return all;
  }

  @Test
  void a_list_is_sent_again_only_if_it_has_changed() {
    server.post("/stacks/demo/webhooks", WEBHOOK).is(201);
    TestResponse first = server.get("/webhooks").isOk();
    String etag = first.header("ETag");
    TestResponse unchanged = listUnless(etag);
    server.put("/stacks/demo", "{\"name\":\"x\"}");
    server.post("/stacks/demo/webhooks", WEBHOOK.replace("/a", "/b")).is(201);
    TestResponse changed = listUnless(etag);

    assertThat(etag).matches("W/\"[0-9a-f]{22}\"");
    assertThat(unchanged.is(304).text()).isEmpty();
    assertThat(unchanged.header("ETag")).isEqualTo(etag);
    assertThat(changed.isOk().at("/items").size()).isEqualTo(2);
    assertThat(changed.header("ETag")).isNotEqualTo(etag);
  }

  private TestResponse listUnless(String etag) {
    return server.send(
        server.request("GET", "/webhooks", BodyPublishers.noBody()).header("If-None-Match", etag));
  }

  @Test
  void every_item_is_on_exactly_one_page() {
    List<String> names = IntStream.range(0, 7).mapToObj(i -> "item-" + i).toList();
    for (String name : names) {
      server.put("/stacks/" + name, "{\"name\":\"x\"}").is(201);
      server
          .post(
              "/stacks/demo/runs",
              "{\"id\":\"" + name + "\",\"branch\":\"m\",\"commit\":{\"hash\":\"h\"}}")
          .is(201);
      server
          .post(
              "/stacks/demo/webhooks",
              "{\"endpoint\":\"https://example.com/\",\"name\":\"x\"}"
                  .replace("com/", "com/" + name))
          .is(201);
    }
    String webhook =
        "/stacks/demo/webhooks/" + server.get("/stacks/demo/webhooks").textAt("/items/0/id");
    names.forEach(ignored -> server.post(webhook + "/ping", "").is(202));

    for (int limit : new int[] {1, 2, 3, 7, 8, 200}) {
      assertThat(listAllPages("/stacks", "id", limit))
          .hasSize(8)
          .containsAll(names)
          .doesNotHaveDuplicates();
      assertThat(listAllPages("/stacks/demo/runs", "id", limit))
          .containsExactlyElementsOf(names.reversed());
      assertThat(listAllPages("/stacks/demo/webhooks", "endpoint", limit))
          .containsExactlyElementsOf(
              names.stream().map(name -> "https://example.com/" + name).toList());
      assertThat(listAllPages(webhook + "/deliveries", "id", limit))
          .hasSizeGreaterThanOrEqualTo(7)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void a_list_has_what_is_available_and_names_the_rest() {
    List<String> stacks = IntStream.range(0, 20).mapToObj(i -> "stack-" + i).toList();
    stacks.forEach(stack -> server.put("/stacks/" + stack, "{\"name\":\"x\"}").is(201));
    List<Integer> broken = IntStream.range(1, BreakableStore.BUCKETS.count()).boxed().toList();
    server.store.isBroken = bucket -> bucket > 0;
    server.store.failure.set(new StoreUnavailableException("the database is down"));

    for (String list : List.of("/stacks", "/webhooks", "/deliveries", "/audit")) {
      TestResponse page = server.get(list).isOk();
      assertThat(page.at("/unavailableBuckets").valueStream().map(JsonNode::asInt))
          .containsExactlyElementsOf(broken);
    }
    List<String> listed = server.get("/stacks?limit=200").texts("/items", "id");
    assertThat(listed).containsAll(inHome(stacks)).isEqualTo(inHome(listed));

    server.store.isBroken = bucket -> true;
    server.get("/stacks").isProblem(503, "store-unavailable");
  }

  @Test
  void stacks_do_not_depend_on_the_databases_of_others() {
    List<String> ids = IntStream.range(0, 40).mapToObj(i -> "stack-" + i).toList();
    String inHome = inHome(ids).getFirst();
    server.put("/stacks/" + inHome, "{\"name\":\"x\"}").is(201);
    String webhook = server.post("/stacks/" + inHome + "/webhooks", WEBHOOK).is(201).textAt("/id");
    server.store.isBroken = bucket -> bucket > 0;
    server.store.failure.set(new StoreUnavailableException("the database is down"));

    server.put("/stacks/" + inHome(ids).get(1), "{\"name\":\"x\"}").is(201);
    server.post("/stacks/" + inHome + "/webhooks", WEBHOOK.replace("/a", "/b")).is(201);
    server.get("/webhooks/" + webhook).isOk();
  }

  private static List<String> inHome(List<String> stacks) {
    return stacks.stream()
        .filter(stack -> BreakableStore.BUCKETS.of(new StackId(Samples.ACME, stack)) == 0)
        .toList();
  }

  @Test
  void a_page_has_fifty_items_unless_a_limit_is_given() {
    IntStream.range(0, 60).forEach(i -> server.put("/stacks/s" + i, "{\"name\":\"x\"}").is(201));

    assertThat(server.get("/stacks").isOk().at("/items")).hasSize(50);
  }

  @Test
  void a_page_ends_before_it_becomes_too_large() {
    String large = "\u0001".repeat(4096);
    for (int i = 100; i < 160; i++) {
      String json = "{\"name\":\"n\",\"description\":%s}".formatted(Json.write(large));
      server.put("/stacks/large-" + i, json).is(201);
    }

    TestResponse first = server.get("/stacks?limit=200").isOk();
    TestResponse second = server.get("/stacks?limit=200&after=" + first.textAt("/next")).isOk();

    List<String> ids = new ArrayList<>(first.texts("/items", "id"));
    ids.addAll(second.texts("/items", "id"));
    assertThat(first.text()).hasSizeBetween(1_000_000, 1_100_000);
    assertThat(first.at("/items")).hasSizeLessThan(60);
    assertThat(ids).hasSize(61).doesNotHaveDuplicates();
    assertThat(second.at("/next").isNull()).isTrue();
  }

  @Test
  void the_transitions_of_a_run_are_listed_in_pages() {
    server
        .post("/stacks/demo/runs", "{\"id\":\"r\",\"branch\":\"m\",\"commit\":{\"hash\":\"h\"}}")
        .is(201);
    for (int i = 2; i <= 60; i++) {
      server.post("/stacks/demo/runs/r/transitions", "{\"state\":\"PLANNING\"}").is(201);
    }

    TestResponse run = server.get("/stacks/demo/runs/r").isOk();
    String next = run.textAt("/nextTransitions");
    TestResponse rest = server.get("/stacks/demo/runs/r/transitions?after=" + next).isOk();
    TestResponse explained = server.get("/stacks/demo/runs/r/explanation").isOk();

    assertThat(run.texts("/transitions", "stateVersion"))
        .hasSize(50)
        .startsWith("11")
        .endsWith("60");
    assertThat(rest.texts("/items", "stateVersion")).hasSize(10).startsWith("10").endsWith("1");
    assertThat(rest.at("/next").isNull()).isTrue();
    assertThat(explained.texts("/transitions", "stateVersion")).hasSize(50).endsWith("60");
    assertThat(explained.textAt("/nextTransitions")).isEqualTo(next);
    server.get("/stacks/demo/runs/r/explanation?limit=5&after=" + next).isOk();
    server.get("/stacks/demo/runs/no/transitions").isProblem(404, "no-such-run");
  }

  @Test
  void an_empty_list_has_no_next_page() {
    assertThat(server.get("/stacks/demo/runs").isOk().text())
        .isEqualTo("{\"items\":[],\"next\":null}");
  }

  @Test
  void several_invalid_parameters_are_reported_at_once() {
    TestResponse response =
        server.get("/stacks?limit=0&after=!&page=2").isProblem(400, "validation-error");

    assertThat(response.texts("/errors", "parameter")).containsExactly("limit", "after", "page");
  }
}
