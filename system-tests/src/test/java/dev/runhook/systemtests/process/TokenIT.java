package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.Ports;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./runhook tokens --local` as a process.
class TokenIT {
  private static final Pattern TEXT = Pattern.compile("rhk_[0-9A-Za-z]{49}");
  private static final Pattern CREATED = Pattern.compile("created token ([0-9a-f-]{36}) ");

  @TempDir private Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());

  @BeforeEach
  void open() {
    installation = ServerInstallation.withPreparedDatabase(folder, Map.of());
    installation.prepareDatabase();
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void tokens_are_created_listed_and_revoked_while_a_server_runs() throws IOException {
    RunhookProcess server = installation.serve();
    installation.client(server).putStack("networking");
    installation.client(server).putStack("billing");

    RunhookProcess created =
        run(
            "token",
            "create",
            "--local",
            "--role",
            "writer",
            "--stack",
            "networking",
            "--name",
            "CI");

    assertThat(created.out().lines()).singleElement().asString().matches(TEXT);
    assertThat(created.err().lines())
        .singleElement()
        .asString()
        .matches("runhook: created token \\S+ with role writer for networking; .*");
    String text = created.out().lines().getFirst();
    String id = id(created);
    ApiClient client = new ApiClient(server.url(), text);
    assertThat(client.get("/stacks/networking").status()).isEqualTo(200);
    assertThat(client.get("/stacks/billing").status()).isEqualTo(404);
    assertThat(client.get("/tokens").status()).isEqualTo(403);

    List<String> list = run("tokens", "list", "--local").out().lines();
    assertThat(list).hasSize(2).first().asString().startsWith("ID ");
    assertThat(list.getLast())
        .matches(id + " +default +writer +\\S+Z +(never|\\S+Z) +never +- +CI +networking");
    assertThat(run("tokens", "list", "--local", "--account", "other").out().lines()).isEmpty();

    assertThat(run("tokens", "revoke", "--local", id).out().lines()).isEmpty();
    assertThat(run("tokens", "list", "--local").out().lines().getLast())
        .matches(id + ".* \\S+Z +CI .*");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> client.get("/stacks/networking").status() == 401);
    assertThat(installation.client(server).get("/stacks").status()).isEqualTo(200);
    assertThat(server.allOutput()).doesNotContain(text);
  }

  @Test
  void tokens_are_created_before_the_first_start_of_a_server() throws IOException {
    RunhookProcess created =
        run("token", "create", "--local", "--role", "ADMIN", "--account", "acme");

    assertThat(installation.postmaster()).isEmpty();
    RunhookProcess server = installation.serve();
    ApiClient client = new ApiClient(server.url(), created.out().lines().getFirst());
    assertThat(client.get("/tokens").json().at("/items/0/createdBy").asText())
        .isEqualTo("command line");
    assertThat(client.get("/tokens").json().at("/items/0/name").asText()).isEqualTo("admin");
  }

  @Test
  void a_sign_in_link_is_created_without_a_server() {
    String path =
        run("token", "create", "--local", "--role", "reader", "--sign-in-link")
            .out()
            .lines()
            .getFirst();
    RunhookProcess atUrl =
        installation.start(
            Map.of("RUNHOOK_PUBLIC_URL", "https://hooks.example.com"),
            "token",
            "create",
            "--local",
            "--role",
            "reader",
            "--sign-in-link=1h");

    assertThat(path).matches("/#/sign-in/[A-Za-z0-9_-]{43}");
    assertThat(atUrl.awaitExit()).isZero();
    assertThat(atUrl.out().lines())
        .singleElement()
        .asString()
        .matches("https://hooks\\.example\\.com/#/sign-in/[A-Za-z0-9_-]{43}");
  }

  @Test
  void an_unknown_token_is_reported_in_one_line() {
    String none = "00000000-0000-7000-8000-000000000000";

    RunhookProcess process = installation.start(Map.of(), "token", "revoke", "--local", none);

    assertThat(process.awaitExit()).isEqualTo(1);
    assertThat(process.err().lines())
        .containsExactly("runhook: there is no token \"" + none + "\"");
  }

  @Test
  void an_invalid_setting_causes_exit_code_2_and_an_unreachable_database_1() throws IOException {
    String url = "postgresql://runhook:hush@127.0.0.1:" + Ports.findFree() + "/runhook";

    RunhookProcess wrong =
        installation.start(Map.of("RUNHOOK_PORT", "http"), "token", "list", "--local");
    RunhookProcess away =
        installation.start(Map.of("RUNHOOK_DATABASE_URL", url), "token", "list", "--local");

    assertThat(wrong.awaitExit()).isEqualTo(2);
    assertThat(wrong.err().lines()).singleElement().asString().contains("RUNHOOK_PORT must be");
    assertThat(away.awaitExit()).isEqualTo(1);
    assertThat(away.err().lines())
        .singleElement()
        .asString()
        .startsWith("runhook: RUNHOOK_DATABASE_URL: the database at ")
        .doesNotContain("hush");
  }

  private RunhookProcess run(String... arguments) {
    RunhookProcess process = installation.start(Map.of(), arguments);
    assertThat(process.awaitExit()).as(process.allOutput()).isZero();
    return process;
  }

  private static String id(RunhookProcess created) {
    Matcher found = created.err().find(CREATED).findFirst().orElseThrow();
    return found.group(1);
  }
}
