package dev.runhook.http.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.runhook.domain.account.Role;
import dev.runhook.http.api.ContentNegotiation;
import dev.runhook.http.api.Routes;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every call of `openapi.yaml`, made by everybody: so a new route is in it before anybody thinks
/// of it. It is made on things that are there, with the example of the file as its body.
class AccessMatrixTest {
  private static final String SUCCESS = "as described";
  private static final String STACK = "networking";

  /// Not in `openapi.yaml`, which is public.
  private static final String STACK_NAME = "Confidential networking";

  private final TestServer server = new TestServer();
  private final Map<String, String> things = new LinkedHashMap<>();
  private String revoked = "";

  /// Who asks. The ones that are refused come first, and the one that may delete last.
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
  void fill() {
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
    String delivery = server.post(path + "/ping", "").is(202).textAt("/id");
    String token =
        server.post("/tokens", "{\"name\":\"other\",\"role\":\"reader\"}").is(201).textAt("/id");
    things.put("stack", STACK);
    things.put("run", run);
    things.put("webhook", webhook);
    things.put("delivery", delivery);
    things.put("token", token);
    revoked = revokedToken();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<OpenApiSpecification.ApiOperation> calls() {
    return OpenApiSpecification.INSTANCE.operations().stream();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void whoever_asks_gets_what_the_table_says(OpenApiSpecification.ApiOperation apiOperation) {
    Map<Caller, String> expected = new LinkedHashMap<>();
    Map<Caller, String> answered = new LinkedHashMap<>();
    for (Caller caller : Caller.values()) {
      String before = everything();

      TestResponse testResponse = ask(apiOperation, caller);

      expected.put(caller, expected(apiOperation, caller));
      answered.put(
          caller,
          isDescribedSuccess(apiOperation, testResponse) ? SUCCESS : "" + testResponse.status());
      if (isOutsider(caller)) {
        assertThat(everything()).as("after %s by %s", apiOperation, caller).isEqualTo(before);
        assertThat(testResponse.text())
            .as("told to %s", caller)
            .doesNotContain(unsaid(apiOperation));
      }
    }
    assertThat(answered).as("%s", apiOperation).isEqualTo(expected);
  }

  /// The table.
  private static String expected(OpenApiSpecification.ApiOperation apiOperation, Caller caller) {
    if (apiOperation.role().equals("open")) {
      // signing in takes a token in its body, whoever asks; that of the example is nobody's
      return apiOperation.toString().equals("POST /api/v1/session") ? "401" : SUCCESS;
    }
    return switch (caller) {
      case NO_TOKEN, BAD_TOKEN, REVOKED_TOKEN -> "401";
      case LIMITED_TO_ANOTHER_STACK -> toLimited(apiOperation);
      case ANOTHER_ACCOUNT -> toAnotherAccount(apiOperation);
      case READER -> role(apiOperation, Role.READER);
      case WRITER -> role(apiOperation, Role.WRITER);
      case ADMIN -> role(apiOperation, Role.ADMIN);
    };
  }

  private static String role(OpenApiSpecification.ApiOperation apiOperation, Role role) {
    Role needed = Role.valueOf(apiOperation.role().toUpperCase(Locale.ROOT));
    return role.covers(needed) ? SUCCESS : "403";
  }

  /// What it names does not exist for that admin; lists are shorter; and it can create no token for
  /// the stack of the example.
  private static String toLimited(OpenApiSpecification.ApiOperation apiOperation) {
    if (apiOperation.path().contains("{")) {
      return "404";
    }
    return apiOperation.toString().equals("POST /api/v1/tokens") ? "403" : SUCCESS;
  }

  /// That admin has an account of its own, with stacks of its own that may have the same names.
  private static String toAnotherAccount(OpenApiSpecification.ApiOperation apiOperation) {
    boolean namesOurs =
        apiOperation.path().contains("{") && !isStream(apiOperation); // the form is asked first
    return namesOurs && !apiOperation.toString().equals("PUT /api/v1/stacks/{stack}")
        ? "404"
        : SUCCESS;
  }

  private static boolean isOutsider(Caller caller) {
    return switch (caller) {
      case NO_TOKEN, BAD_TOKEN, REVOKED_TOKEN, LIMITED_TO_ANOTHER_STACK, ANOTHER_ACCOUNT -> true;
      case READER, WRITER, ADMIN -> false;
    };
  }

  /// Whoever may see a stream is told here that it comes in no other form: it would never end.
  private static boolean isDescribedSuccess(
      OpenApiSpecification.ApiOperation apiOperation, TestResponse testResponse) {
    if (isStream(apiOperation)) {
      return testResponse.status() == 406;
    }
    return testResponse.status() < 300
        && apiOperation.operation().getResponses().containsKey("" + testResponse.status());
  }

  private static boolean isStream(OpenApiSpecification.ApiOperation apiOperation) {
    ApiResponse ok = apiOperation.operation().getResponses().get("200");
    return ok != null
        && ok.getContent() != null
        && ok.getContent().containsKey(ContentNegotiation.EVENT_STREAM);
  }

  private TestResponse ask(OpenApiSpecification.ApiOperation apiOperation, Caller caller) {
    HttpRequest.Builder request =
        server
            .rawRequest(
                apiOperation.method(),
                path(apiOperation),
                BodyPublishers.ofString(body(apiOperation)))
            .header("Content-Type", "application/json")
            .header("Accept", isStream(apiOperation) ? "application/json" : "*/*")
            .header(CsrfGuard.HEADER, "1");
    return server.send(
        switch (caller) {
          case NO_TOKEN -> request;
          case BAD_TOKEN -> with(request, "nobody-knows-this-token-0123456789");
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

  private String path(OpenApiSpecification.ApiOperation apiOperation) {
    String path = apiOperation.path();
    for (Map.Entry<String, String> thing : things.entrySet()) {
      path = path.replace("{" + thing.getKey() + "}", thing.getValue());
    }
    return path.contains("{") ? fail("let fill() make what %s names", apiOperation) : path;
  }

  private static String body(OpenApiSpecification.ApiOperation apiOperation) {
    return apiOperation.acceptsBody()
        ? OpenApiExamples.of(apiOperation).stream()
            .filter(example -> example.status() < 300)
            .findFirst()
            .orElseThrow()
            .requestBody()
        : "";
  }

  private static String example(String method, String path) {
    return calls()
        .filter(
            apiOperation -> apiOperation.toString().equals(method + " " + Routes.BASE_PATH + path))
        .map(AccessMatrixTest::body)
        .findFirst()
        .orElseThrow();
  }

  private String revokedToken() {
    TestResponse created = server.post("/tokens", "{\"name\":\"old\",\"role\":\"admin\"}").is(201);
    server.delete("/tokens/" + created.textAt("/id")).is(204);
    return created.textAt("/token");
  }

  /// What our account has, as its admin sees it.
  private String everything() {
    List<String> lists =
        List.of(
            "/stacks",
            "/stacks/networking/runs",
            "/stacks/networking/webhooks",
            "/stacks/networking/webhooks/" + things.get("webhook") + "/deliveries",
            "/tokens");
    StringBuilder all = new StringBuilder();
    lists.forEach(list -> all.append(server.get(list).text()));
    return all.toString();
  }

  /// What nobody may learn who does not see the stack, less what was said in asking.
  private String[] unsaid(OpenApiSpecification.ApiOperation apiOperation) {
    String said = path(apiOperation) + body(apiOperation);
    return Stream.of(
            "" + things.get("webhook"),
            "" + things.get("delivery"),
            "" + things.get("token"),
            STACK_NAME,
            "example.com/matrix")
        .filter(secret -> !said.contains(secret))
        .toArray(String[]::new);
  }
}
