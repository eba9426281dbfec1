package dev.runhook.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
  private static final TestServer SERVER = new TestServer().withDemoStack();

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/assets/app.js", "/docs", "/openapi.yaml", "/openapi.json"})
  void a_file_is_compressed_for_clients_that_accept_it(String path) throws Exception {
    HttpResponse<byte[]> plain = get(path, "gzip;q=0, br");
    HttpResponse<byte[]> compressed = get(path, "br, gzip");

    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(compressed.headers().firstValue("Vary")).contains("Accept-Encoding");
    assertThat(unzipped(compressed.body())).isEqualTo(plain.body());
    assertThat(compressed.body().length).isLessThan(plain.body().length);
  }

  @Test
  void only_long_lists_of_the_api_are_compressed() throws Exception {
    String description = "d".repeat(2000);
    SERVER.put("/stacks/s", "{\"name\":\"n\",\"description\":\"" + description + "\"}").is(201);

    HttpResponse<byte[]> list = get("/api/v1/stacks", "gzip");

    assertThat(encoding(list)).contains("gzip");
    assertThat(list.headers().firstValue("Vary")).contains("Accept-Encoding");
    assertThat(unzipped(list.body())).asString(UTF_8).contains(description);
    assertThat(encoding(get("/api/v1/stacks", "identity"))).isEmpty();
    assertThat(encoding(get("/api/v1/runs", "gzip"))).isEmpty();
    assertThat(encoding(get("/api/v1/stacks/s", "gzip"))).isEmpty();
  }

  private static Optional<String> encoding(HttpResponse<byte[]> response) {
    return response.headers().firstValue("Content-Encoding");
  }

  private static HttpResponse<byte[]> get(String path, String encodings) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          SERVER
              .rawRequest("GET", path, BodyPublishers.noBody())
              .header("Authorization", "Bearer " + TestServer.READER)
              .header("Accept-Encoding", encodings)
              .build(),
          BodyHandlers.ofByteArray());
    }
  }

  private static byte[] unzipped(byte[] bytes) throws IOException {
    try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return stream.readAllBytes();
    }
  }
}
