package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/// Speaks to the HTTP API as anybody's client would.
public final class ApiClient {
  /// What a run of these tests goes through, from version 1 on.
  public static final List<String> STATES =
      List.of(
          "QUEUED",
          "PREPARING",
          "INITIALIZING",
          "PLANNING",
          "UNCONFIRMED",
          "CONFIRMED",
          "APPLYING",
          "FINISHED");

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final String server;
  private final String token;

  public ApiClient(String server, String token) {
    this.server = server;
    this.token = token;
  }

  /// @param type its `Content-Type`, empty where it has none
  public record Reply(int status, String type, String body) {
    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// Whether what was told is kept.
    public boolean isAcknowledgement() {
      return status == 200 || status == 201;
    }

    /// Whether a server says that it cannot now, as it says it of itself.
    public boolean isUnavailable() {
      return status == 503 && type.startsWith("application/problem+json");
    }

    /// This reply, if it is a success.
    public Reply expectingSuccess() {
      assertThat(status).as(body).isBetween(200, 299);
      return this;
    }
  }

  /// @param path below `/api/v1`
  public Reply post(String path, String json) throws IOException {
    return send(request("/api/v1" + path).POST(BodyPublishers.ofString(json)).build());
  }

  public Reply put(String path, String json) throws IOException {
    return send(request("/api/v1" + path).PUT(BodyPublishers.ofString(json)).build());
  }

  public Reply patch(String path, String json) throws IOException {
    return send(request("/api/v1" + path).method("PATCH", BodyPublishers.ofString(json)).build());
  }

  public Reply get(String path) throws IOException {
    return send(request("/api/v1" + path).GET().build());
  }

  /// @param path from the root
  public Reply getOpen(String path) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(server + path)).timeout(TIMEOUT).build());
  }

  public void registerStack(String stack) throws IOException {
    put("/stacks/" + stack, "{\"name\":\"Stack " + stack + "\"}").expectingSuccess();
  }

  /// Attaches a webhook and returns its id.
  public String createWebhook(String stack, String endpoint, String secret) throws IOException {
    String json = "{\"endpoint\":\"" + endpoint + "\",\"secret\":\"" + secret + "\"}";
    return post("/stacks/" + stack + "/webhooks", json)
        .expectingSuccess()
        .json()
        .path("id")
        .asText();
  }

  public Reply startRun(String stack, String run) throws IOException {
    return post(
        "/stacks/" + stack + "/runs",
        "{\"id\":\"" + run + "\",\"branch\":\"main\",\"commit\":{\"hash\":\"0ee3f1c\"}}");
  }

  public Reply move(String stack, String run, String state, int version) throws IOException {
    return post(
        "/stacks/" + stack + "/runs/" + run + "/transitions",
        "{\"state\":\"" + state + "\",\"stateVersion\":" + version + "}");
  }

  /// Tells that a run has come to that one of [#STATES].
  public Reply report(String stack, String run, int version) throws IOException {
    return version == 1 ? startRun(stack, run) : move(stack, run, STATES.get(version - 1), version);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  private static Reply send(HttpRequest request) throws IOException {
    try {
      HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
      String type = response.headers().firstValue("Content-Type").orElse("");
      return new Reply(response.statusCode(), type, response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
