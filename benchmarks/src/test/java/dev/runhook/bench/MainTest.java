package dev.runhook.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void without_a_name_the_benchmarks_are_listed() {
    int code = run();

    assertThat(code).isZero();
    assertThat(out.toString()).contains("\n  delivery\n", "\n  cluster\n", "\n  jmh\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void an_unknown_name_is_wrong_usage() {
    int code = run("speed");

    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).startsWith("runhook: unknown benchmark \"speed\"; see ");
  }
}
