package dev.runhook.systemtests.operations;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that the trace of a reporter continues in the receivers, and that attempts are exported
/// as spans.
class TracingIT {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String REPORTER = "00f067aa0ba902b7";

  @TempDir private Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void each_attempt_is_exported_with_the_span_id_that_the_receiver_got() throws Exception {
    try (RecordingReceiver collector = RecordingReceiver.accepting();
        RecordingReceiver receiver =
            RecordingReceiver.respondingWith(index -> index == 0 ? 500 : 204)) {
      installation =
          ServerInstallation.withPreparedDatabase(
              folder,
              Map.of(
                  "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
                  "RUNHOOK_RETRY_SCHEDULE", "100ms,1s,1s",
                  "RUNHOOK_OTLP_ENDPOINT", collector.url()));
      RunhookProcess server = installation.serve();
      ApiClient client = installation.client(server);
      client.putStack("demo");
      client.createWebhook("demo", receiver.url(), RecordingReceiver.SECRET);
      startTracedRun(server);
      await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() == 2);
      await().atMost(RunhookProcess.TIMEOUT).until(() -> spans(collector).size() == 2);

      assertThat(receiver.requests())
          .extracting(request -> request.header("traceparent"))
          .containsExactlyElementsOf(
              spans(collector).stream()
                  .map(span ->
                      "00-%s-%s-01".formatted(hex(span.getTraceId()), hex(span.getSpanId())))
                  .toList());
      assertThat(spans(collector))
          .allSatisfy(span -> {
            assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
            assertThat(hex(span.getParentSpanId())).isEqualTo(REPORTER);
          });
      assertThat(spans(collector))
          .extracting(span -> span.getStatus().getMessage())
          .containsExactly("REJECTED", "");
      assertThat(server.terminate()).as(server.allOutput()).isZero();
    }
  }

  private void startTracedRun(RunhookProcess server) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/stacks/demo/runs"))
            .header("Authorization", "Bearer " + installation.token())
            .header("Content-Type", "application/json")
            .header("traceparent", "00-" + TRACE + "-" + REPORTER + "-01")
            .POST(
                BodyPublishers.ofString("{\"branch\":\"main\",\"commit\":{\"hash\":\"0ee3f1c\"}}"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }
  }

  private static List<Span> spans(RecordingReceiver collector) throws IOException {
    List<Span> spans = new ArrayList<>();
    for (ReceivedRequest request : collector.requests()) {
      ExportTraceServiceRequest.parseFrom(request.body().getBytes(ISO_8859_1))
          .getResourceSpansList()
          .forEach(resource -> spans.addAll(resource.getScopeSpans(0).getSpansList()));
    }
    return spans;
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }
}
