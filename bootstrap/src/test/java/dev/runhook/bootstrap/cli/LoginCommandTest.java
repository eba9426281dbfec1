package dev.runhook.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.bootstrap.cli.client.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `./runhook login` and `logout`, and where commands find the server and the token.
class LoginCommandTest {
  @TempDir private Path home = Path.of(".");
  private final ServerFixture server = new ServerFixture();
  private final CommandFixture command = new CommandFixture();

  @BeforeEach
  void setHome() {
    command.environment.put("HOME", home.toString());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Path token(String token) throws IOException {
    return Files.writeString(home.resolve("token"), token + "\n");
  }

  private Path login() {
    return home.resolve(".config/runhook/login.json");
  }

  private void signIn() throws IOException {
    command.run("login", server.url(), "--token-file", token(ServerFixture.ADMIN).toString());
  }

  @Test
  void later_commands_use_the_stored_login() throws IOException {
    signIn();

    assertThat(command.out()).isEmpty();
    assertThat(command.err())
        .isEqualTo("runhook: signed in to " + server.url() + " as ops, admin of the account acme");
    assertThat(command.run("stacks", "create", "net")).isEqualTo("saved stack net");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(login())))
        .isEqualTo("rw-------");
  }

  @Test
  void a_token_that_the_server_refuses_is_neither_stored_nor_printed() throws IOException {
    String refused = "rhk_hush";

    int code = command.exitCode("login", server.url(), "--token-file", token(refused).toString());

    assertThat(code).isEqualTo(1);
    assertThat(command.err())
        .isEqualTo(
            "runhook: the server does not accept the token; check it, and run ./runhook login");
    assertThat(login()).doesNotExist();
  }

  @Test
  void the_environment_takes_precedence_over_the_login_and_options_over_both() throws IOException {
    signIn();
    command.environment.put("RUNHOOK_TOKEN", ServerFixture.READER);

    assertThat(command.exitCode("stacks", "create", "net")).isEqualTo(1);
    assertThat(command.err()).contains("role");

    command.environment.put("RUNHOOK_URL", "http://127.0.0.1:1");
    assertThat(command.run("stacks", "list", "--url", server.url())).isEmpty();
  }

  @Test
  void the_stored_token_is_not_sent_to_another_server() throws IOException {
    signIn();

    int code = command.exitCode("stacks", "list", "--url", "http://127.0.0.1:1");

    assertThat(code).isEqualTo(2);
    assertThat(command.err())
        .isEqualTo(
            "runhook: not signed in to http://127.0.0.1:1; run ./runhook login, or set"
                + " RUNHOOK_TOKEN");
  }

  @Test
  void a_command_says_how_to_sign_in() {
    assertThat(command.exitCode("stacks", "list")).isEqualTo(2);
    assertThat(command.err())
        .isEqualTo(
            "runhook: not signed in; run ./runhook login, or set RUNHOOK_URL and RUNHOOK_TOKEN");
  }

  @Test
  void a_server_that_does_not_respond_is_reported_in_one_line() {
    command.environment.put("RUNHOOK_URL", "127.0.0.1:1");
    command.environment.put("RUNHOOK_TOKEN", ServerFixture.ADMIN);

    assertThat(command.exitCode("stacks", "list")).isEqualTo(1);
    assertThat(command.err())
        .isEqualTo(
            "runhook: no response from http://127.0.0.1:1; check the address, and that it runs");
  }

  @Test
  void signing_out_deletes_the_token() throws IOException {
    signIn();

    command.run("logout");

    assertThat(login()).doesNotExist();
    assertThat(command.exitCode("stacks", "list")).isEqualTo(2);
  }

  @Test
  void the_login_is_never_stored_in_the_working_directory() {
    assertThat(Login.file(Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".config/runhook/login.json"));
  }

  @Test
  void a_damaged_login_is_reported() throws IOException {
    signIn();
    Files.writeString(login(), "{");

    assertThat(command.exitCode("stacks", "list")).isEqualTo(2);
    assertThat(command.err()).endsWith("login.json is not readable; run ./runhook login again");
    command.environment.put("RUNHOOK_URL", server.url());
    command.environment.put("RUNHOOK_TOKEN", ServerFixture.ADMIN);
    assertThat(command.exitCode("stacks", "list")).as("the environment suffices").isZero();
    signIn();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8080, http://localhost:8080",
    "127.0.0.1/, http://127.0.0.1",
    "runhook.example.com, https://runhook.example.com",
    "http://10.0.0.1:8080//, http://10.0.0.1:8080",
  })
  void a_url_needs_no_scheme(String text, String url) {
    assertThat(Login.parseUrl(text)).hasToString(url);
  }

  @ParameterizedTest
  @CsvSource({"ftp://example.com", "https://me:secret@example.com", "https://", "https://a b"})
  void an_address_that_is_not_a_url_is_wrong_configuration(String text) {
    assertThat(command.exitCode("login", text, "--token-file", "/dev/null")).isEqualTo(2);
    assertThat(command.err())
        .isEqualTo(
            "runhook: the address of the server must be a URL such as"
                + " https://runhook.example.com");
  }
}
