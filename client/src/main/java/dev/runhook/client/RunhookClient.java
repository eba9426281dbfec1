package dev.runhook.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.run.TransitionReport;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// Reports stacks, runs and transitions to a Runhook server, in the types that an embedding service
/// uses. Every method waits for the response, and retries up to four times if there is none or if
/// it is 429, 502, 503 or 504. A repeat has no second effect: a run and a version identify
/// themselves, and everything else is sent with an idempotency key.
///
/// Every method throws an [ApiProblemException] if the server refuses the request or the response
/// is not from a Runhook server, and an [java.io.UncheckedIOException] if there is none. Redirects
/// are not followed. Thread-safe.
public final class RunhookClient implements AutoCloseable {
  private static final int MAX_BATCH_SIZE = 1000;
  private static final int MAX_PAGE_SIZE = 200;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int KEY_BYTES = 16;
  private static final int CREATED = 201;
  private static final int NO_CONTENT = 204;
  private static final int REDIRECTION = 300;

  /// The account of an id is not sent, because the server uses the token's.
  private static final AccountId ACCOUNT_OF_TOKEN = new AccountId("default");

  private final String api;
  private final String token;
  private final HttpClient http;
  private final RetryingSender sender;
  private final SecureRandom random = new SecureRandom();

  private RunhookClient(String api, String token, RetryingSender.Pause pause) {
    this.api = api;
    this.token = token;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT);
    if (api.startsWith("http:")) {
      builder.sslContext(trustNobody());
    }
    this.http = builder.build();
    this.sender = new RetryingSender(http, pause);
  }

  /// Creates a client. It opens connections only when it is used.
  ///
  /// @param server the address of the server, such as `https://runhook.example.com`
  /// @param token with the role `writer`, or `admin` to create webhooks
  public static RunhookClient of(URI server, String token) {
    return of(server, token, Thread::sleep);
  }

  /// Returns a context for clients that never use TLS. The default one would read the certificates
  /// of all authorities, which takes longer than a request.
  private static SSLContext trustNobody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static RunhookClient of(URI server, String token, RetryingSender.Pause pause) {
    if (!token.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException("the token has characters that no token has");
    }
    return new RunhookClient(server.toString().replaceAll("/+$", "") + "/api/v1", token, pause);
  }

  /// Returns the id of a stack in the token's account.
  public StackId stack(String slug) {
    return new StackId(ACCOUNT_OF_TOKEN, slug);
  }

  /// Creates or updates a stack. Returns whether it is new.
  public boolean register(Stack stack) {
    HttpRequest.Builder request = request(path(stack.id()), "PUT", ReportJson.stack(stack));
    return isNew(send(request));
  }

  /// A webhook that was created.
  ///
  /// @param secret the secret that was generated or chosen
  /// @param warnings what is unsafe about the secret, in sentences for users
  public record CreatedWebhook(String id, String secret, List<String> warnings) {
    public CreatedWebhook {
      warnings = List.copyOf(warnings);
    }

    @Override
    public String toString() {
      return "webhook " + id;
    }
  }

  /// Creates a webhook. Needs the role `admin`.
  public CreatedWebhook create(StackId stack, CreateWebhookRequest webhook) {
    HttpRequest.Builder request =
        withKey(request(path(stack) + "/webhooks", "POST", ReportJson.webhook(webhook)));
    JsonNode json = json(send(request), "secret");
    List<String> warnings = new ArrayList<>();
    json.path("warnings").forEach(warning -> warnings.add(warning.asText()));
    return new CreatedWebhook(json.path("id").asText(), json.path("secret").asText(), warnings);
  }

  /// Creates a run and records its first transition. Returns whether it is new; if it existed with
  /// the same content, nothing changes.
  public boolean start(NewRun run) {
    TransitionReport first = run.firstReport();
    HttpRequest.Builder request =
        request(path(first.run().stack()) + "/runs", "POST", ReportJson.newRun(run));
    return isNew(send(withTrace(request, first.trace())));
  }

  /// Records a transition.
  public ReportResult.Accepted record(TransitionReport report) {
    HttpRequest.Builder request =
        withTrace(
            request(path(report.run()) + "/transitions", "POST", ReportJson.report(report)),
            report.trace());
    HttpResponse<byte[]> response = send(report.version().isPresent() ? request : withKey(request));
    return ReportResult.of(response.statusCode(), json(response, "timestamp")).orThrow();
  }

  /// Records transitions in the given order, up to 1,000 in one request. A refused report does not
  /// affect the others. If this method throws an exception, some may have been recorded. Traces are
  /// not sent.
  ///
  /// @return one result for each report, in the same order
  public List<ReportResult> recordAll(List<TransitionReport> reports) {
    List<ReportResult> results = new ArrayList<>(reports.size());
    for (int from = 0; from < reports.size(); from += MAX_BATCH_SIZE) {
      results.addAll(
          recordBatch(reports.subList(from, Math.min(reports.size(), from + MAX_BATCH_SIZE))));
    }
    return List.copyOf(results);
  }

  private List<ReportResult> recordBatch(List<TransitionReport> reports) {
    HttpRequest.Builder request = request("/transitions", "POST", ReportJson.reports(reports));
    boolean repeatable = reports.stream().allMatch(report -> report.version().isPresent());
    HttpResponse<byte[]> response = send(repeatable ? request : withKey(request));
    List<ReportResult> results = new ArrayList<>(reports.size());
    for (JsonNode item : json(response, "items").path("items")) {
      results.add(ReportResult.of(item.path("status").asInt(), item));
    }
    if (results.size() != reports.size()) {
      throw ApiProblemException.notFromServer(response.statusCode());
    }
    return results;
  }

  /// Sends a request that has no method of its own.
  ///
  /// @param path a path below `/api/v1` with its query, such as `/stacks?search=net`
  /// @param body as the API describes it; null for none
  /// @return the body of the response; a null node if it has none
  public JsonNode call(String method, String path, @Nullable JsonNode body) {
    HttpRequest.Builder request = request(path, method, body);
    HttpResponse<byte[]> response = send(method.equals("POST") ? withKey(request) : request);
    if (response.statusCode() == NO_CONTENT) {
      return NullNode.instance;
    }
    JsonNode json = ReportJson.decode(response.body());
    if (!json.isObject()) {
      throw ApiProblemException.notFromServer(response.statusCode());
    }
    return json;
  }

  /// Returns the first items of a list, from as many pages as necessary. A list from which items
  /// are missing is an [ApiProblemException] with the status 503.
  ///
  /// @param path as in [#call]
  public List<JsonNode> list(String path, int maxItems) {
    return list(
        path,
        maxItems,
        buckets -> {
          throw ApiProblemException.unavailable(buckets);
        });
  }

  /// Returns the first items of a list, even if some are missing because databases are unavailable.
  ///
  /// @param path as in [#call]
  /// @param onUnavailable is called with the numbers of the buckets whose items are missing
  public List<JsonNode> list(String path, int maxItems, Consumer<Set<Integer>> onUnavailable) {
    Set<Integer> unavailable = new TreeSet<>();
    List<JsonNode> items = new ArrayList<>();
    String separator = path.contains("?") ? "&" : "?";
    String after = "";
    do {
      int limit = Math.min(MAX_PAGE_SIZE, maxItems - items.size());
      HttpRequest.Builder request =
          request(path + separator + "limit=" + limit + after, "GET", null);
      JsonNode page = json(send(request), "items");
      page.path("items").forEach(items::add);
      page.path("unavailableBuckets").forEach(bucket -> unavailable.add(bucket.asInt()));
      after = page.hasNonNull("next") ? "&after=" + encode(page.path("next").asText()) : "";
    } while (!after.isEmpty() && items.size() < maxItems);
    if (!unavailable.isEmpty()) {
      onUnavailable.accept(unavailable);
    }
    return items;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// Closes the connections after the requests that are being sent.
  @Override
  public void close() {
    http.close();
  }

  private static String path(StackId stack) {
    return "/stacks/" + stack.slug();
  }

  private static String path(RunId run) {
    return path(run.stack()) + "/runs/" + run.name();
  }

  private HttpRequest.Builder request(String path, String method, @Nullable JsonNode body) {
    return HttpRequest.newBuilder(URI.create(api + path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .method(
            method,
            body == null
                ? BodyPublishers.noBody()
                : BodyPublishers.ofByteArray(ReportJson.encode(body)));
  }

  private HttpRequest.Builder withKey(HttpRequest.Builder request) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return request.header("Idempotency-Key", HexFormat.of().formatHex(key));
  }

  private static HttpRequest.Builder withTrace(
      HttpRequest.Builder request, Optional<TraceContext> trace) {
    trace.ifPresent(context -> {
      request.header("traceparent", context.traceparent());
      if (!context.tracestate().isEmpty()) {
        request.header("tracestate", context.tracestate());
      }
    });
    return request;
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    HttpResponse<byte[]> response = sender.send(request.build());
    if (response.statusCode() >= REDIRECTION) {
      throw new ApiProblemException(
          ApiProblem.of(response.statusCode(), ReportJson.decode(response.body())));
    }
    return response;
  }

  private static boolean isNew(HttpResponse<byte[]> response) {
    json(response, "id");
    return response.statusCode() == CREATED;
  }

  /// Returns the object in the body of a successful response.
  ///
  /// @param field a field that the server always sends
  private static JsonNode json(HttpResponse<byte[]> response, String field) {
    JsonNode json = ReportJson.decode(response.body());
    if (!json.has(field)) {
      throw ApiProblemException.notFromServer(response.statusCode());
    }
    return json;
  }

  @Override
  public String toString() {
    return "client of " + api;
  }
}
