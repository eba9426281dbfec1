package dev.runhook.http.webui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.text.Sha256;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebUiRoutesTest {
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:src|href)=\"(assets/[^\"]+)\"|(?:from ?|import ?|import\\((?=\"\\.))\"([\\w@./-]+)\"");

  /// An import that does not wait until a function asks for the module. The first group is that of
  /// [#REFERENCE], and never matches.
  private static final Pattern STATIC_IMPORT =
      Pattern.compile("((?!))|(?:from ?|import ?)\"([\\w@./-]+)\"");

  private static final Pattern PRELOADED =
      Pattern.compile("rel=\"modulepreload\" href=\"([^\"]+)\"");
  private static final Pattern INLINE_SCRIPT =
      Pattern.compile("(?s)<script(?: type=\"importmap\")?>(.+?)</script>");
  private static final Pattern IMPORT_MAP_ENTRY = Pattern.compile("\"([^\"]+)\": \"\\.(/[^\"]+)\"");

  /// Strings that look like URLs but are only names or examples.
  private static final String NOT_LOADED =
      "http://www\\.w3\\.org/2000/svg|https://example\\.com/hooks|https://\\$\\{url}"
          + "|https://events\\.pagerduty\\.com/v2/enqueue";

  private final TestServer server = new TestServer();

  @AfterAll
  void tearDown() {
    server.close();
  }

  private TestResponse get(String path) {
    return server.send(server.rawRequest("GET", path, BodyPublishers.noBody()));
  }

  @Test
  void the_web_ui_is_public_at_the_root() {
    TestResponse page = get("/").isOk();

    assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=utf-8");
    assertThat(page.text()).startsWith("<!doctype html>");
  }

  @Test
  void the_content_security_policy_allows_only_files_of_this_server() {
    String policy = get("/").header("Content-Security-Policy");

    assertThat(policy)
        .startsWith(
            "default-src 'none'; script-src 'self'" + inlineScriptHashes() + "; style-src 'self';")
        .contains("frame-ancestors 'none'", "base-uri 'none'")
        .endsWith("require-trusted-types-for 'script'; trusted-types lit-html")
        .doesNotContain("unsafe", "http:", "https:", "*", "data:");
    assertThat(get("/").header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(get("/assets/app.js").header("Content-Security-Policy")).isEqualTo(policy);
  }

  /// The browser compares the hashes with the texts between the tags.
  private String inlineScriptHashes() {
    return INLINE_SCRIPT
        .matcher(get("/").text())
        .results()
        .map(script -> Sha256.hash(script.group(1).getBytes(StandardCharsets.UTF_8)))
        .map(hash -> " 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
        .collect(Collectors.joining());
  }

  @Test
  void every_referenced_file_exists_on_this_server() {
    List<String> files = named("/").toList();

    assertThat(files)
        .extracting(WebUiRoutesTest::name)
        .contains("app.js", "app.css", "favicon.svg", "health-view.js");
    for (String file : files) {
      String text = get(file).isOk().text();
      if (!file.contains("/lit")) {
        assertThat(text.replaceAll(NOT_LOADED, ""))
            .as(file)
            .doesNotContain("http://", "https://", "innerHTML");
      }
      assertThat(files).as("imports of %s", file).containsAll(named(file).toList());
    }
    assertThat(get("/").text()).doesNotContain("<style", " style=", "onclick", "http");
  }

  @Test
  void a_preloaded_module_imports_only_preloaded_modules() {
    List<String> preloaded =
        PRELOADED.matcher(get("/").text()).results().map(link -> "/" + link.group(1)).toList();

    assertThat(preloaded)
        .extracting(WebUiRoutesTest::name)
        .contains("view.js", "causes.js")
        .doesNotContain("chart.js", "webhook-form.js");
    for (String module : preloaded) {
      assertThat(preloaded)
          .as("imports of %s", module)
          .containsAll(named(STATIC_IMPORT, module).toList());
    }
  }

  @Test
  void the_view_of_every_route_has_a_module() {
    String modules = get("/assets/app.js").isOk().text();
    String routes = get("/assets/routes.js").isOk().text();

    assertThat(all("\"(rh-[a-z-]+)\": \\(\\) => import", modules))
        .containsAll(all(", \"(rh-[a-z-]+)\", \\[", routes))
        .contains("rh-home", "rh-sign-in");
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(found -> found.group(1)).toList();
  }

  /// The files that a file loads. The import map resolves the names of libraries.
  private Stream<String> named(String file) {
    return named(REFERENCE, file);
  }

  private Stream<String> named(Pattern pattern, String file) {
    return pattern
        .matcher(get(file).isOk().text())
        .results()
        .map(reference ->
            reference.group(1) == null ? resolve(file, reference) : "/" + reference.group(1))
        .toList()
        .stream();
  }

  private String resolve(String file, MatchResult reference) {
    String name = reference.group(2);
    return name.startsWith(".")
        ? URI.create(file).resolve(name).toString()
        : IMPORT_MAP_ENTRY
            .matcher(get("/").text())
            .results()
            .filter(entry -> entry.group(1).equals(name))
            .map(entry -> entry.group(2))
            .findFirst()
            .orElseThrow(() -> new AssertionError(file + " imports " + name));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Test
  void referenced_files_are_cached_permanently() {
    List<String> files = named("/").toList();

    assertThat(files)
        .allSatisfy(file -> {
          assertThat(file)
              .matches("/assets/[0-9a-f]{22}/([a-z_-]+/)*[A-Za-z.-]+\\.(js|css|md|svg)");
          assertThat(get(file).isOk().header("Cache-Control"))
              .isEqualTo("max-age=31536000, immutable");
        });
    assertThat(files)
        .extracting(file -> file.split("/", -1)[2])
        .containsOnly(files.getFirst().split("/", -1)[2]);
  }

  @Test
  void files_of_another_version_are_not_cached_permanently() {
    TestResponse response = get("/assets/0123456789abcdef012345/app.js").isOk();

    assertThat(response.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(response.text()).isEqualTo(get("/assets/app.js").text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/assets/app.js",
        "/assets/0123456789abcdef012345/styles/app.css",
        "/assets/favicon.svg"
      })
  void a_file_is_revalidated_by_its_etag(String path) {
    TestResponse first = get(path).isOk();
    String tag = first.header("ETag");

    assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(tag).matches("\"[0-9a-f]{22}\"");
    TestResponse again = ifNot(path, tag);
    assertThat(again.is(304).text()).isEmpty();
    assertThat(again.header("ETag")).isEqualTo(tag);
    assertThat(again.header("Content-Security-Policy")).isNotEmpty();
    ifNot(path, "W/" + tag).is(304);
    ifNot(path, "\"another\"").isOk();
  }

  private TestResponse ifNot(String path, String tag) {
    return server.send(
        server.rawRequest("GET", path, BodyPublishers.noBody()).header("If-None-Match", tag));
  }

  @Test
  void a_head_request_returns_the_same_headers_without_the_file() {
    TestResponse head = server.send(server.rawRequest("HEAD", "/", BodyPublishers.noBody()));

    assertThat(head.isOk().text()).isEmpty();
    assertThat(head.header("ETag")).isEqualTo(get("/").header("ETag"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/nothing.js",
        "/assets/openapi.yaml",
        "/assets/..%2Fopenapi.yaml",
        "/assets/WebUiFile.class",
        "/assets/App.js",
        "/assets/",
        "/assets/x/y.js"
      })
  void an_unknown_file_is_not_found(String path) {
    TestResponse response = get(path);

    assertThat(response.status()).isIn(400, 404);
    assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void the_web_ui_accepts_no_other_methods() {
    server
        .send(server.rawRequest("POST", "/", BodyPublishers.ofString("{}")))
        .isProblem(405, "method-not-allowed");
  }
}
