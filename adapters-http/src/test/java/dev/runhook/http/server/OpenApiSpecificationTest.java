package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks that the validation detects violations.
class OpenApiSpecificationTest {
  private static final String RUN =
      """
      {"id":"r1","stack":"demo","type":"TASK","branch":"main","commit":{"hash":"0ee3","message":"","authorName":"",\
      "authorLogin":null,\
      "timestamp":null,"url":null},"triggeredBy":null,"createdAt":"2026-01-31T12:00:00.250Z","delta":null,\
      "url":null,"driftDetection":null,\
      "command":null,"state":"READY","stateVersion":7,"transitions":[{"state":"READY","stateVersion":7,\
      "timestamp":"2026-01-31T12:00:00.250Z","expected":true,"delta":{"added":1,"changed":0,"deleted":0,\
      "resources":1},"note":null,"changeCount":null}],\
      "nextTransitions":null}\
      """;

  private static Exchange read(String path, int status, String mediaType, String body) {
    return new Exchange(
        "GET",
        path,
        Optional.empty(),
        Map.of("Authorization", List.of("Bearer x")),
        "",
        status,
        Map.of("content-type", List.of(mediaType)),
        body);
  }

  private static Exchange readRun(String body) {
    return read("/api/v1/stacks/demo/runs/r1", 200, "application/json", body);
  }

  /// The health of a stack without webhooks.
  private static final String IDLE =
      """
      "health":{"verdict":"IDLE","cause":"NOTHING_SENT","since":null,"detail":null,"needsAttention":false,
        "pendingDeliveries":0,"failedDeliveries":0,"oldestPendingAt":null,"lastResult":null,
        "recent":{"total":0,"delivered":0,"deliveredAtFirst":0,"successRate":null,"p50Ms":null,"p99Ms":null},
        "trend":{"from":"2026-03-14T12:00:00.000Z","step":"PT30M","delivered":ZEROS,"failed":ZEROS},"webhooks":0,
        "verdicts":{"HEALTHY":0,"DEGRADED":0,"FAILING":0,"PAUSED":0,"DISABLED":0,"IDLE":0},"needingAttention":0,
        "causes":{}}
      """;

  private static Exchange written(String body, int status, Map<String, List<String>> headers) {
    return new Exchange(
        "PUT",
        "/api/v1/stacks/demo",
        Optional.empty(),
        Map.of("Authorization", List.of("Bearer x"), "Content-Type", List.of("application/json")),
        body,
        status,
        headers,
        "{\"id\":\"demo\",\"name\":\"x\",\"description\":\"\",\"labels\":[],\"url\":null,\"repository\":null,"
            + "\"latestRun\":null,\"webhooks\":{\"total\":0,\"failing\":0,\"paused\":0,\"disabled\":0},\"failedDeliveries\":0,"
            + IDLE.replace("ZEROS", Collections.nCopies(48, 0).toString())
            + "}");
  }

  @Test
  void a_conforming_exchange_is_accepted() {
    assertThatCode(() -> OpenApiSpecification.INSTANCE.assertConforms(readRun(RUN)))
        .doesNotThrowAnyException();
    assertThatCode(() ->
            OpenApiSpecification.INSTANCE.assertConforms(
                written(
                    "{\"name\":\"x\",\"url\":null}",
                    201,
                    Map.of(
                        "content-type",
                        List.of("application/json"),
                        "location",
                        List.of("/api/v1/stacks/demo")))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "\"id\":\"r1\" | \"id\":\"r1\",\"more\":1",
        "\"id\":\"r1\" | \"id\":null",
        "\"id\":\"r1\", | ''",
        "\"hash\":\"0ee3\" | \"hash\":\"0ee3\",\"more\":1",
        "\"authorLogin\":null | \"authorLogin\":7",
        "\"type\":\"TASK\" | \"type\":\"DRIFT\"",
        "12:00:00.250Z\",\"delta\":null | 12:00:00Z\",\"delta\":null",
        "\"delta\":null | \"delta\":{}",
        "\"added\":1 | \"added\":-1",
        "\"expected\":true | \"expected\":true,\"more\":1",
        "\"note\":null | \"noted\":null",
        "\"stateVersion\":7,\"transitions\" | \"stateVersion\":\"7\",\"transitions\"",
      })
  void a_response_that_violates_the_file_is_detected(String part, String other) {
    assertThatThrownBy(
            () -> OpenApiSpecification.INSTANCE.assertConforms(readRun(RUN.replace(part, other))))
        .isInstanceOf(AssertionError.class);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/stacks/demo/runs/r1, 200, text/plain",
    "/api/v1/stacks/demo/runs/r1, 418, application/json",
    "/api/v1/stacks/demo/runs/r1/others, 200, application/json",
    "/api/v1/stacks/demo/runs/r1, 404, application/problem+json"
  })
  void an_undescribed_path_status_or_media_type_is_detected(
      String path, int status, String mediaType) {
    assertThatThrownBy(
            () -> OpenApiSpecification.INSTANCE.assertConforms(read(path, status, mediaType, RUN)))
        .isInstanceOf(AssertionError.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"name\":\"x\",\"colour\":\"red\"}", "{\"name\":7}", "[]"})
  void an_accepted_request_that_violates_the_file_is_detected(String body) {
    assertThatThrownBy(() ->
            OpenApiSpecification.INSTANCE.assertConforms(
                written(body, 200, Map.of("content-type", List.of("application/json")))))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void a_missing_header_is_detected() {
    assertThatThrownBy(() ->
            OpenApiSpecification.INSTANCE.assertConforms(
                written(
                    "{\"name\":\"x\"}", 201, Map.of("content-type", List.of("application/json")))))
        .isInstanceOf(AssertionError.class);
  }
}
