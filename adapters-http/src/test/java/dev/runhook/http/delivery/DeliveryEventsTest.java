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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Deliveries as they happen.
@Timeout(60)
class DeliveryEventsTest {
  @AutoClose private final DeliveryFixture scene = new DeliveryFixture();
  private final TestServer server = scene.server;
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.shutdownNow();
  }

  /// One event, as it came over the wire.
  private record Event(String id, String name, String data) {
    boolean tells(String run, String status) {
      return data.contains("\"run\":\"" + run + "\"") && data.contains("\"status\":\"" + status);
    }
  }

  /// A stream that is being read.
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
                        + scene.webhook
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
  void what_is_there_comes_first_and_then_what_happens() throws Exception {
    scene.startRun("before");

    try (Watch watch = watch("")) {
      assertThat(watch.response().headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      assertThat(watch.response().headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(watch.next()).matches(event -> event.tells("before", "PENDING"));
      server.dispatch();
      assertThat(watch.next()).matches(event -> event.tells("before", "DELIVERED"));
      scene.startRun("after");
      Event last = watch.next();
      assertThat(last).matches(event -> event.tells("after", "PENDING"));
      assertThat(last.name()).isEqualTo("delivery");
    }
  }

  @Test
  void whoever_comes_back_is_told_what_happened_since() throws Exception {
    scene.startRun("one");
    server.dispatch();
    String last;
    try (Watch watch = watch("")) {
      last = watch.next().id();
    }
    scene.startRun("two");
    server.dispatch();

    try (Watch watch =
        watch(
            "",
            Map.of("Authorization", "Bearer " + TestServer.READER, "Last-Event-ID", last + "1"))) {
      scene.startRun("three");
      assertThat(watch.next()).matches(event -> event.tells("three", "PENDING"));
    }
    try (Watch watch =
        watch("", Map.of("Authorization", "Bearer " + TestServer.READER, "Last-Event-ID", last))) {
      List<Event> events = List.of(watch.next(), watch.next());
      assertThat(events).anyMatch(event -> event.tells("two", "DELIVERED"));
    }
  }

  @Test
  void what_does_not_fit_any_more_is_gone() throws Exception {
    scene.startRun("one");

    try (Watch watch = watch("?status=PENDING")) {
      assertThat(watch.next()).matches(event -> event.tells("one", "PENDING"));
      server.dispatch();
      Event gone = watch.next();
      assertThat(gone.name()).isEqualTo("removed");
      assertThat(gone.data()).matches("\\{\"id\":\"[0-9a-f-]{36}\"}");
    }
  }

  @Test
  void streams_end_when_the_server_stops() throws Exception {
    try (Watch watch = watch("")) {
      server.closeStreams();

      assertThat(watch.hasEnded()).isTrue();
    }
  }

  @Test
  void a_stream_ends_with_its_webhook() throws Exception {
    try (Watch watch = watch("")) {
      server.delete(scene.webhook).is(204);

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
  void only_so_many_are_open_for_one_token() throws Exception {
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
  void what_is_asked_for_must_be_known_and_the_answer_must_be_taken() {
    String events = scene.webhook + "/deliveries/events";

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
