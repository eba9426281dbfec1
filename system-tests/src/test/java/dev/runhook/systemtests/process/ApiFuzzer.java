package dev.runhook.systemtests.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sends invalid requests to every operation of the server's `openapi.yaml`, with the word "canary"
/// in each place that could hold a secret.
final class ApiFuzzer {
  private static final Pattern LINE =
      Pattern.compile("(?m)^  (/\\S+):$|^    (get|put|post|patch|delete):$");
  private static final String UNKNOWN_ID = "00000000-0000-7000-8000-000000000000";
  private static final List<String> BODIES =
      List.of(
          "{\"canary\":1}",
          "{\"canary",
          "\"canary\"",
          "{\"secret\":[\"canary\"],\"endpoint\":\"http://10.0.0.1/?canary\",\"token\":\"canary\"}",
          "{\"secret\":\"canary\",\"endpoint\":\"canary://canary?canary\",\"headers\":{\"Host\":\"canary\"},\"note\":\"canary\"}",
          "{\"name\":\"canary\\u0000\",\"role\":\"canary\",\"state\":\"canary\",\"branch\":\"\",\"commit\":\"canary\"}");
  private static final List<String> AUTHORIZATIONS =
      List.of(
          "Bearer canary-unknown-0123456789abcdef", "Bearer rhk_canary", "Basic canary", "canary");

  /// Requests that no HTTP client would send.
  private static final List<String> MALFORMED =
      List.of(
          "GET /api/v1/stacks HTTP/1.1\r\nHost: x\r\nAuthorization Bearer canary\r\n\r\n",
          "GET /api/v1/stacks HTTP/1.1\r\nAuthorization: Bearer canary\r\n\r\n",
          "GET /api/v1/stacks?%zz=canary&canary=% HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer canary\r\n\r\n",
          "GET /%zzcanary HTTP/1.1\r\nHost: x\r\n\r\n",
          "CANARY /api/v1/stacks HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET /api/v1/stacks HTTP/9.9\r\nHost: x\r\nAuthorization: Bearer canary\r\n\r\n",
          "POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: canary\r\n\r\ncanary",
          "POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\ncanary\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + "canary".repeat(4000) + "\r\n\r\n",
          "canary\r\n\r\n");

  private final String server;
  private final String token;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<FuzzResult> results = new ArrayList<>();

  ApiFuzzer(String server, String token) {
    this.server = server;
    this.token = token;
  }

  record FuzzResult(String request, int status) {}

  List<FuzzResult> run() throws IOException, InterruptedException {
    String path = "";
    Matcher line = LINE.matcher(openApi());
    while (line.find()) {
      if (line.group(1) != null) {
        path = line.group(1).replace("{stack}", "demo").replaceAll("\\{\\w+}", UNKNOWN_ID);
      } else {
        fuzz(line.group(2).toUpperCase(Locale.ROOT), path);
      }
    }
    for (String text : MALFORMED) {
      send(text);
    }
    return List.copyOf(results);
  }

  private String openApi() throws IOException, InterruptedException {
    return http.send(request("/openapi.yaml").build(), BodyHandlers.ofString()).body();
  }

  private void fuzz(String method, String path) throws IOException, InterruptedException {
    boolean deletesData = method.equals("DELETE") && !path.contains(UNKNOWN_ID);
    for (String authorization : AUTHORIZATIONS) {
      send(method, path + "?key=canary", authorization, BODIES.getFirst());
    }
    if (deletesData) {
      return;
    }
    send(method, path, "Bearer " + token, "");
    send(
        method,
        path + "?canary=canary&limit=canary&from=canary&after=canary",
        "Bearer " + token,
        "");
    if (!method.equals("GET")) {
      for (String body : BODIES) {
        send(method, path, "Bearer " + token, body);
      }
    }
    send("TRACE", path + "?canary", "Bearer " + token, "");
  }

  private void send(String method, String path, String authorization, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(path)
            .method(method, BodyPublishers.ofString(body))
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .header("Cookie", "runhook_session=canary")
            .header("Idempotency-Key", "canary-" + results.size())
            .header("X-Canary", "canary")
            .build();
    try {
      int status = http.send(request, BodyHandlers.discarding()).statusCode();
      results.add(new FuzzResult(method + " " + path, status));
    } catch (IOException e) {
      if (!method.equals("GET") || body.isEmpty()) {
        throw e;
      } // the server may close the connection without reading a body that it does not expect
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path)).timeout(Duration.ofSeconds(60));
  }

  private void send(String text) throws IOException {
    int port = URI.create(server).getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(500);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    } catch (IOException _) {
      // the server may close the connection at any time
    }
  }
}
