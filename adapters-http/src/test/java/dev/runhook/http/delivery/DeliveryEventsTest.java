package dev.runhook.http.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.api.SseStreams;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The stream of delivery changes.
@Tag("slow")
@Timeout(60)
class DeliveryEventsTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void tearDown() {
    client.shutdownNow();
  }

  /// One received event.
  private record Event(String id, String name, String data) {
    boolean isDelivery(String run, String status) {
      return data.contains("\"run\":\"" + run + "\"") && data.contains("\"status\":\"" + status);
    }
  }

  /// An open stream.
  private record Watch(HttpResponse<InputStream> response, BufferedReader reader)
      implements AutoCloseable {
    /// Waits for the next event.
    Event next() throws IOException {
      String id = "";
      String name = "";
      String data = "";
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        id = line.startsWith("id: ") ? line.substring(4) : id;
        name = line.startsWith("event: ") ? line.substring(7) : name;
        data = line.startsWith("data: ") ? line.substring(6) : data;
        if (line.isEmpty() && !name.isEmpty()) {
          return new Event(id, name, data);
        }
      }
      throw new IOException("the stream has ended");
    }

    boolean hasEnded() throws IOException {
      String line = reader.readLine();
      while (line != null && (line.isEmpty() || line.startsWith(":") || line.startsWith("retry"))) {
        line = reader.readLine();
      }
      return line == null;
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  private Watch watch(String query, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + server.port()
                        + "/api/v1"
                        + fixture.webhook
                        + "/deliveries/events"
                        + query))
            .header("Accept", "text/event-stream");
    headers.forEach(request::header);
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    return new Watch(
        response,
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
  }

  private Watch watch(String query) throws IOException, InterruptedException {
    return watch(query, Map.of("Authorization", "Bearer " + TestServer.READER));
  }

  @Test
  void existing_deliveries_come_first_and_changes_follow() throws Exception {
    fixture.startRun("before");

    try (Watch watch = watch("")) {
      assertThat(watch.response().headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      assertThat(watch.response().headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(watch.response().headers().firstValue("Content-Security-Policy")).isPresent();
      assertThat(watch.next()).matches(event -> event.isDelivery("before", "PENDING"));
      server.dispatch();
      assertThat(watch.next()).matches(event -> event.isDelivery("before", "DELIVERED"));
      fixture.startRun("after");
      Event last = watch.next();
      assertThat(last).matches(event -> event.isDelivery("after", "PENDING"));
      assertThat(last.name()).isEqualTo("delivery");
    }
  }

  @Test
  void a_reconnecting_client_gets_the_changes_since_its_last_event() throws Exception {
    fixture.startRun("one");
    server.dispatch();
    String last;
    try (Watch watch = watch("")) {
      last = watch.next().id();
    }
    fixture.startRun("two");
    server.dispatch();

    try (Watch watch =
        watch(
            "",
            Map.of("Authorization", "Bearer " + TestServer.READER, "Last-Event-ID", last + "1"))) {
      fixture.startRun("three");
      assertThat(watch.next()).matches(event -> event.isDelivery("three", "PENDING"));
    }
    try (Watch watch =
        watch("", Map.of("Authorization", "Bearer " + TestServer.READER, "Last-Event-ID", last))) {
      List<Event> events = List.of(watch.next(), watch.next());
      assertThat(events).anyMatch(event -> event.isDelivery("two", "DELIVERED"));
    }
  }

  @Test
  void a_delivery_that_no_longer_matches_is_removed() throws Exception {
    fixture.startRun("one");

    try (Watch watch = watch("?status=PENDING")) {
      assertThat(watch.next()).matches(event -> event.isDelivery("one", "PENDING"));
      server.dispatch();
      Event removed = watch.next();
      assertThat(removed.name()).isEqualTo("removed");
      assertThat(removed.data()).matches("\\{\"id\":\"[0-9a-f-]{36}\"}");
    }
  }

  @Test
  void streams_end_when_the_server_stops() throws Exception {
    try (Watch watch = watch("")) {
      server.closeApi();

      assertThat(watch.hasEnded()).isTrue();
    }
  }

  @Test
  void a_stream_ends_with_its_stack() throws Exception {
    try (Watch watch = watch("")) {
      server.delete("/stacks/demo").is(204);

      assertThat(watch.hasEnded()).isTrue();
    }
  }

  @Test
  void a_stream_ends_with_its_token() throws Exception {
    TestResponse created = server.post("/tokens", "{\"name\":\"x\",\"role\":\"reader\"}").is(201);
    Map<String, String> shown = Map.of("Authorization", "Bearer " + created.textAt("/token"));
    try (Watch watch = watch("", shown)) {
      server.delete("/tokens/" + created.textAt("/id")).is(204);

      assertThat(watch.hasEnded()).isTrue();
    }
  }

  @Test
  void the_streams_of_one_token_are_limited() throws Exception {
    List<Watch> open = new ArrayList<>();
    for (int i = 0; i < SseStreams.MAX_STREAMS_PER_TOKEN; i++) {
      open.add(watch(""));
    }

    Watch refused = watch("");
    assertThat(refused.response().statusCode()).isEqualTo(429);
    assertThat(refused.response().headers().firstValue("Retry-After")).isPresent();
    try (Watch other = watch("", Map.of("Authorization", "Bearer " + TestServer.ADMIN))) {
      assertThat(other.response().statusCode()).isEqualTo(200);
    }
    for (Watch watch : open) {
      assertThat(watch.response().statusCode()).isEqualTo(200);
      watch.close();
    }
  }

  @Test
  void the_streams_of_one_account_are_limited() throws Exception {
    List<Watch> open = new ArrayList<>();
    for (String token : List.of(TestServer.READER, TestServer.WRITER, TestServer.ADMIN)) {
      for (int i = 0; i < SseStreams.MAX_STREAMS_PER_TOKEN; i++) {
        open.add(watch("", Map.of("Authorization", "Bearer " + token)));
      }
    }

    assertThat(open.stream().map(watch -> watch.response().statusCode()))
        .filteredOn(status -> status == 200)
        .hasSize(SseStreams.MAX_STREAMS_PER_ACCOUNT);
    for (Watch watch : open) {
      watch.close();
    }
  }

  @Test
  void a_stream_requires_valid_parameters_and_its_media_type() {
    String events = fixture.webhook + "/deliveries/events";

    server.get(events + "?status=LOST").isProblem(400, "validation-error");
    server.get(events + "?limit=1").isProblem(400, "validation-error");
    server
        .send(
            server
                .request("GET", events, BodyPublishers.noBody())
                .header("Accept", "application/json"))
        .isProblem(406, "not-acceptable");
    server.send(server.request("HEAD", events, BodyPublishers.noBody())).isOk();
    assertThat(
            server
                .send(server.rawRequest("HEAD", "/api/v1" + events, BodyPublishers.noBody()))
                .status())
        .isEqualTo(401);
  }
}
