package dev.runhook.bootstrap.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VerifyCommandTest {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String VECTOR =
      "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path directory;
  private Path body = Path.of("");

  @BeforeEach
  void write() throws IOException {
    body = Files.writeString(directory.resolve("body.json"), "Hello, World!");
  }

  private int run(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  private int verify(String secret, String signature, String... more) {
    String[] arguments = {
      "verify", "--secret", secret, "--body", body.toString(), "--signature", signature
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return run(all);
  }

  @Test
  void a_valid_signature_exits_with_0() {
    assertThat(verify(SECRET, VECTOR)).isZero();
    assertThat(out.toString()).startsWith("VERIFIED  X-Signature-256 is valid");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void a_known_mistake_exits_with_1_and_prints_the_fix() throws IOException {
    Files.writeString(body, "Hello, World!\n");

    assertThat(verify(SECRET, VECTOR)).isEqualTo(1);
    assertThat(out.toString())
        .startsWith("NOT VERIFIED  X-Signature-256 ")
        .contains("  cause  the signed body does not have the line break", "  fix    ")
        .doesNotContain(SECRET);
  }

  @Test
  void a_reserialized_body_is_found_with_its_dialect() throws IOException {
    Files.writeString(body, "{\"a\":1,\"b\":[2]}");
    String signature = hmac("s", "{\"a\": 1, \"b\": [2]}");

    assertThat(verify("s", "sha256=" + signature)).isEqualTo(1);
    assertThat(out.toString()).contains("like Python's json.dumps").doesNotContain(signature);
  }

  private static String hmac(String secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_previous_secret_is_found() {
    assertThat(verify("new", VECTOR, "--previous-secret", SECRET)).isEqualTo(1);
    assertThat(out.toString()).contains("previous secret");
  }

  @Test
  void the_json_output_is_one_line() {
    assertThat(verify(SECRET, VECTOR, "--json")).isZero();
    assertThat(out.toString().lines())
        .singleElement()
        .asString()
        .startsWith("{\"result\":\"VALID\",\"header\":\"X-Signature-256\",\"causes\":[],");
  }

  @Test
  void a_line_break_at_the_end_of_a_secret_file_is_ignored() throws IOException {
    Path file = Files.writeString(directory.resolve("secret"), SECRET + "\n");

    int code =
        run(
            "verify",
            "--secret-file",
            file.toString(),
            "--body",
            body.toString(),
            "--signature",
            VECTOR);

    assertThat(code).isZero();
  }

  @Test
  void wrong_usage_exits_with_2_and_says_how_to_fix_it() {
    assertThat(run("verify")).isEqualTo(2);
    assertThat(verify(SECRET, " ")).isEqualTo(2);
    assertThat(verify(" ", VECTOR)).isEqualTo(2);
    assertThat(verify(SECRET, VECTOR, "--secret-file", "x")).isEqualTo(2);
    assertThat(verify(SECRET, VECTOR, "--id", "m")).isEqualTo(2);
    assertThat(verify(SECRET, VECTOR, "--timestamp", "noon")).isEqualTo(2);
    assertThat(verify(SECRET, "v1,AAAA")).isEqualTo(2);
    body = directory.resolve("nowhere");
    assertThat(verify(SECRET, VECTOR)).isEqualTo(2);

    assertThat(err.toString())
        .contains(
            "--secret is blank",
            "the signature is blank",
            "--id and --timestamp must be set together",
            "webhook-id and webhook-timestamp",
            "--body is unreadable: ")
        .doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }
}
