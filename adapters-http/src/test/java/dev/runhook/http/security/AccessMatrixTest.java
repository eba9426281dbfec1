package dev.runhook.http.security;

import static dev.runhook.http.api.ApiResponse.BASE_PATH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.runhook.domain.account.Role;
import dev.runhook.http.api.ContentNegotiation;
import dev.runhook.http.server.OpenApiExamples;
import dev.runhook.http.server.OpenApiSpecification;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Calls every operation of `openapi.yaml` as every kind of caller, on existing resources. New
/// routes are therefore included automatically. The body is the example in the file.
@Tag("slow")
class AccessMatrixTest {
  private static final String SUCCESS = "as described";
  private static final String STACK = "networking";

  /// Outsiders call first and change nothing.
  private static final Caller LAST_OUTSIDER = Caller.ANOTHER_ACCOUNT;

  /// This name is not in `openapi.yaml`, which is public.
  private static final String STACK_NAME = "Confidential networking";

  private final TestServer server = new TestServer();
  private final Map<String, String> resources = new LinkedHashMap<>();
  private String revoked = "";

  /// The callers. Those that are rejected come first, and the one that may delete comes last.
  enum Caller {
    NO_TOKEN,
    BAD_TOKEN,
    REVOKED_TOKEN,
    LIMITED_TO_ANOTHER_STACK,
    ANOTHER_ACCOUNT,
    READER,
    WRITER,
    ADMIN;
  }

  @BeforeEach
  void setUp() {
    String stack = example("PUT", "/stacks/{stack}").replace("Networking", STACK_NAME);
    server.put("/stacks/" + STACK, stack).is(201);
    server.withDemoStack();
    String run =
        server
            .post("/stacks/networking/runs", example("POST", "/stacks/{stack}/runs"))
            .is(201)
            .textAt("/id");
    String webhook =
        server
            .post("/stacks/networking/webhooks", "{\"endpoint\":\"https://example.com/matrix\"}")
            .is(201)
            .textAt("/id");
    String path = "/stacks/networking/webhooks/" + webhook;
    server.post(path + "/secret", "{}").isOk();
    server.post(path + "/ping", "").is(202);
    server.dispatch();
    resources.put(
        "accountReplay",
        server
            .post("/replays", "{\"from\":\"2026-03-14T00:00:00Z\",\"status\":\"DELIVERED\"}")
            .is(202)
            .textAt("/id"));
    String delivery = server.post(path + "/ping", "").is(202).textAt("/id");
    String token =
        server.post("/tokens", "{\"name\":\"other\",\"role\":\"reader\"}").is(201).textAt("/id");
    server
        .send(
            server
                .rawRequest(
                    "POST",
                    "/api/v1/session",
                    BodyPublishers.ofString("{\"token\":\"" + TestServer.READER + "\"}"))
                .header("Content-Type", "application/json")
                .header(CsrfGuard.HEADER, "1"))
        .is(201);
    String accountWebhook =
        server
            .post(
                "/account-webhooks",
                "{\"endpoint\":\"https://example.com/matrix\",\"selector\":{\"stacks\":[\"none\"]}}")
            .is(201)
            .textAt("/id");
    server.post("/account-webhooks/" + accountWebhook + "/secret", "{}").isOk();
    resources.put("accountWebhook", accountWebhook);
    resources.put("session", server.get("/sessions").isOk().textAt("/items/0/id"));
    resources.put("stack", STACK);
    resources.put("run", run);
    resources.put("webhook", webhook);
    resources.put("delivery", delivery);
    resources.put("token", token);
    resources.put(
        "replay",
        server
            .post(path + "/replays", "{\"from\":\"2026-03-14T00:00:00Z\"}")
            .is(202)
            .textAt("/id"));
    revoked = revokedToken();
  }

  @AfterEach
  void tearDown() {
    server.close();
  }

  static Stream<OpenApiSpecification.ApiOperation> calls() {
    return OpenApiSpecification.INSTANCE.operations().stream();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void every_caller_gets_the_status_in_the_table(OpenApiSpecification.ApiOperation operation) {
    Map<Caller, String> expected = new LinkedHashMap<>();
    Map<Caller, String> actual = new LinkedHashMap<>();
    if (operation.path().endsWith("/redeliver")) {
      server.dispatch(); // only a delivery that has ended is redelivered
    }
    String before = accountState();
    for (Caller caller : Caller.values()) {
      TestResponse response = call(operation, caller);

      expected.put(caller, expected(operation, caller));
      actual.put(
          caller, isDescribedSuccess(operation, response) ? SUCCESS : "" + response.status());
      if (isOutsider(caller)) {
        assertThat(response.text())
            .as("response to %s", caller)
            .doesNotContain(confidentialValues(operation));
      }
      if (caller == LAST_OUTSIDER) {
        assertThat(accountState()).as("after %s by outsiders", operation).isEqualTo(before);
      }
    }
    assertThat(actual).as("%s", operation).isEqualTo(expected);
  }

  /// The expected status of an operation for a caller.
  private static String expected(OpenApiSpecification.ApiOperation operation, Caller caller) {
    if (operation.role().equals("open")) {
      // the token or code is in the body, and that of the example is unknown
      return operation.path().startsWith("/api/v1/session") ? "401" : SUCCESS;
    }
    if (operation.isSigned()) {
      return "401"; // no token replaces the signature
    }
    return switch (caller) {
      case NO_TOKEN, BAD_TOKEN, REVOKED_TOKEN -> "401";
      case LIMITED_TO_ANOTHER_STACK -> toLimited(operation);
      case ANOTHER_ACCOUNT -> toAnotherAccount(operation);
      case READER -> role(operation, Role.READER);
      case WRITER -> role(operation, Role.WRITER);
      case ADMIN -> role(operation, Role.ADMIN);
    };
  }

  private static String role(OpenApiSpecification.ApiOperation operation, Role role) {
    Role needed = Role.valueOf(operation.role().toUpperCase(Locale.ROOT));
    return role.covers(needed) ? SUCCESS : "403";
  }

  /// Named resources do not exist for this admin, lists are shorter, and it can neither create a
  /// token nor report for the stack of the example.
  private static String toLimited(OpenApiSpecification.ApiOperation operation) {
    if (operation.path().contains("/account-webhooks")) {
      return "403"; // they concern all stacks
    }
    if (operation.path().contains("{") || operation.path().endsWith("/ingest/atlantis")) {
      return "404";
    }
    return operation.toString().equals("POST /api/v1/tokens") ? "403" : SUCCESS;
  }

  /// This admin belongs to another account, whose stacks may have the same names.
  private static String toAnotherAccount(OpenApiSpecification.ApiOperation operation) {
    boolean namesOurs =
        operation.path().contains("{")
            && !isStream(operation); // the Accept header is checked first
    return namesOurs && !operation.toString().equals("PUT /api/v1/stacks/{stack}")
        ? "404"
        : SUCCESS;
  }

  private static boolean isOutsider(Caller caller) {
    return caller.compareTo(LAST_OUTSIDER) <= 0;
  }

  /// A stream would never end, so the test expects the rejection of a wrong Accept header instead.
  private static boolean isDescribedSuccess(
      OpenApiSpecification.ApiOperation operation, TestResponse response) {
    if (isStream(operation)) {
      return response.status() == 406;
    }
    return response.status() < 300
        && operation.definition().getResponses().containsKey("" + response.status());
  }

  private static boolean isStream(OpenApiSpecification.ApiOperation operation) {
    ApiResponse ok = operation.definition().getResponses().get("200");
    return ok != null
        && ok.getContent() != null
        && ok.getContent().containsKey(ContentNegotiation.EVENT_STREAM);
  }

  private TestResponse call(OpenApiSpecification.ApiOperation operation, Caller caller) {
    HttpRequest.Builder request =
        server
            .rawRequest(
                operation.method(), path(operation), BodyPublishers.ofString(body(operation)))
            .header("Content-Type", "application/json")
            .header("Accept", isStream(operation) ? "application/json" : "*/*")
            .header(CsrfGuard.HEADER, "1");
    return server.send(
        switch (caller) {
          case NO_TOKEN -> request;
          case BAD_TOKEN -> with(request, "an-unknown-token-0123456789012345");
          case REVOKED_TOKEN -> with(request, revoked);
          case LIMITED_TO_ANOTHER_STACK -> with(request, TestServer.STACK_ADMIN);
          case ANOTHER_ACCOUNT -> with(request, TestServer.OTHER_ACCOUNT);
          case READER -> with(request, TestServer.READER);
          case WRITER -> with(request, TestServer.WRITER);
          case ADMIN -> with(request, TestServer.ADMIN);
        });
  }

  private static HttpRequest.Builder with(HttpRequest.Builder request, String token) {
    return request.header("Authorization", "Bearer " + token);
  }

  private String path(OpenApiSpecification.ApiOperation operation) {
    String path =
        operation
            .path()
            .replace("/account-webhooks/{webhook}", "/account-webhooks/{accountWebhook}")
            .replace("/v1/replays/{replay}", "/v1/replays/{accountReplay}");
    for (Map.Entry<String, String> resource : resources.entrySet()) {
      path = path.replace("{" + resource.getKey() + "}", resource.getValue());
    }
    if (operation.toString().equals("DELETE /api/v1/payloads")) {
      return path + "?dryRun=true"; // the account to confirm differs between the callers
    }
    if (path.endsWith("/search")) {
      return path + "?q=" + resources.get("webhook");
    }
    return path.contains("{")
        ? fail("create the resource that %s names in setUp()", operation)
        : path;
  }

  private static String body(OpenApiSpecification.ApiOperation operation) {
    return operation.acceptsBody()
        ? OpenApiExamples.of(operation).stream()
            .filter(example -> example.status() < 300)
            .findFirst()
            .orElseThrow()
            .requestBody()
        : "";
  }

  private static String example(String method, String path) {
    return calls()
        .filter(operation -> operation.toString().equals(method + " " + BASE_PATH + path))
        .map(AccessMatrixTest::body)
        .findFirst()
        .orElseThrow();
  }

  private String revokedToken() {
    TestResponse created = server.post("/tokens", "{\"name\":\"old\",\"role\":\"admin\"}").is(201);
    server.delete("/tokens/" + created.textAt("/id")).is(204);
    return created.textAt("/token");
  }

  /// Everything in the account, as its admin sees it, without trends, which begin later every half
  /// hour.
  private String accountState() {
    List<String> lists =
        List.of(
            "/stacks",
            "/stacks/networking/runs",
            "/stacks/networking/webhooks",
            "/stacks/networking/webhooks/" + resources.get("webhook") + "/deliveries",
            "/account-webhooks",
            "/tokens");
    StringBuilder all = new StringBuilder();
    lists.forEach(list -> all.append(server.get(list).text()));
    return all.toString().replaceAll("\"trend\":\\{[^}]*}", "");
  }

  /// The values that an outsider must not learn, except those in the request itself.
  private String[] confidentialValues(OpenApiSpecification.ApiOperation operation) {
    String sent = path(operation) + body(operation);
    return Stream.of(
            "" + resources.get("webhook"),
            "" + resources.get("accountWebhook"),
            "" + resources.get("delivery"),
            "" + resources.get("token"),
            STACK_NAME,
            "example.com/matrix")
        .filter(secret -> !sent.contains(secret))
        .toArray(String[]::new);
  }
}
