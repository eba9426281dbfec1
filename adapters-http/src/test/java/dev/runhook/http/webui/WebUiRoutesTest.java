package dev.runhook.http.webui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebUiRoutesTest {
  private static final Pattern REFERENCE =
      Pattern.compile("(?:src|href)=\"(assets/[^\"]+)\"|(?:from|import) \"\\./([^\"]+)\"");

  /// What looks like an address and is a name, or an example for people.
  private static final String NO_PLACE =
      "http://www\\.w3\\.org/2000/svg|https://example\\.com/hooks";

  private final TestServer server = new TestServer();

  @AfterAll
  void stop() {
    server.close();
  }

  private TestResponse ask(String path) {
    return server.send(server.rawRequest("GET", path, BodyPublishers.noBody()));
  }

  @Test
  void the_page_is_at_the_root_for_anybody() {
    TestResponse page = ask("/").isOk();

    assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=utf-8");
    assertThat(page.text()).startsWith("<!doctype html>");
  }

  @Test
  void nothing_but_our_own_files_may_run_or_be_loaded() {
    String policy = ask("/").header("Content-Security-Policy");

    assertThat(policy)
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .contains("frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe", "http:", "https:", "*", "data:");
    assertThat(ask("/").header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(ask("/assets/app.js").header("Content-Security-Policy")).isEqualTo(policy);
  }

  @Test
  void every_file_that_the_page_names_is_there_and_none_is_elsewhere() {
    List<String> files = named("/").toList();

    assertThat(files)
        .extracting(WebUiRoutesTest::name)
        .contains("app.js", "app.css", "favicon.svg", "health-view.js");
    for (String file : files) {
      assertThat(ask(file).isOk().text().replaceAll(NO_PLACE, ""))
          .as(file)
          .doesNotContain("http://", "https://", "innerHTML");
      assertThat(files).containsAll(named(file).toList());
    }
    assertThat(ask("/").text()).doesNotContain("<style", " style=", "onclick", "http");
  }

  private Stream<String> named(String file) {
    return REFERENCE
        .matcher(ask(file).isOk().text())
        .results()
        .map(reference -> path(file, reference))
        .toList()
        .stream();
  }

  private static String path(String file, MatchResult reference) {
    return reference.group(1) != null
        ? "/" + reference.group(1)
        : file.substring(0, file.lastIndexOf('/') + 1) + reference.group(2);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Test
  void what_the_page_names_is_kept_without_asking() {
    List<String> files = named("/").toList();

    assertThat(files)
        .allSatisfy(file -> {
          assertThat(file).matches("/assets/[0-9a-f]{22}/[a-z-]+\\.(js|css|svg)");
          assertThat(ask(file).isOk().header("Cache-Control"))
              .isEqualTo("max-age=31536000, immutable");
        });
    assertThat(files)
        .extracting(file -> file.substring(0, file.lastIndexOf('/')))
        .containsOnly(files.getFirst().substring(0, files.getFirst().lastIndexOf('/')));
  }

  @Test
  void what_another_version_of_the_page_names_is_not_kept() {
    TestResponse testResponse = ask("/assets/0123456789abcdef012345/app.js").isOk();

    assertThat(testResponse.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(testResponse.text()).isEqualTo(ask("/assets/app.js").text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/assets/app.js", "/assets/app.css", "/assets/favicon.svg"})
  void a_file_is_kept_and_asked_for_anew(String path) {
    TestResponse first = ask(path).isOk();
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
  void head_tells_the_same_without_the_file() {
    TestResponse head = server.send(server.rawRequest("HEAD", "/", BodyPublishers.noBody()));

    assertThat(head.isOk().text()).isEmpty();
    assertThat(head.header("ETag")).isEqualTo(ask("/").header("ETag"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/nothing.js",
        "/assets/openapi.yaml",
        "/assets/..%2Fopenapi.yaml",
        "/assets/PageFile.class",
        "/assets/App.js",
        "/assets/",
        "/assets/x/y.js"
      })
  void what_is_no_file_of_the_page_is_not_there(String path) {
    TestResponse testResponse = ask(path);

    assertThat(testResponse.status()).isIn(400, 404);
    assertThat(testResponse.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void nothing_is_sent_to_the_page() {
    server
        .send(server.rawRequest("POST", "/", BodyPublishers.ofString("{}")))
        .isProblem(405, "method-not-allowed");
  }
}
