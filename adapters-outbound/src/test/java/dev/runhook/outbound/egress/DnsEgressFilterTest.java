package dev.runhook.outbound.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A JVM has one resolver for good, so these look at JVMs of their own.
final class DnsEgressFilterTest {
  @Test
  void a_guarded_process_finds_no_way_inside_on_any_thread() throws Exception {
    assertThat(run("guarded"))
        .containsExactly(
            "localhost denied",
            "LOCALHOST denied",
            "localhost denied on another thread",
            "localhost not reached",
            "done");
  }

  @Test
  void names_of_its_infrastructure_still_resolve() throws Exception {
    assertThat(run("exempt")).containsExactly("localhost found", "done");
  }

  @Test
  void an_allowed_network_resolves_and_is_reached() throws Exception {
    assertThat(run("allowed")).containsExactly("localhost found", "localhost reached", "done");
  }

  @Test
  void without_installation_everything_passes_but_the_transport_still_refuses() throws Exception {
    assertThat(run("uninstalled"))
        .containsExactly("localhost found", "localhost not reached", "done");
  }

  @Test
  void it_is_installed_once() throws Exception {
    assertThat(run("twice")).containsExactly("the egress guard is installed already", "done");
  }

  @Test
  void it_refuses_to_be_installed_where_the_jvm_does_not_ask_it() throws Exception {
    assertThat(runWithAnotherProvider("guarded").getFirst())
        .startsWith("this JVM does not look names up through the egress guard");
  }

  @Test
  void late_installation_is_warned_of() throws Exception {
    assertThat(run("late"))
        .anyMatch(line ->
            line.contains("names were looked up before the egress guard was installed")
                && line.contains("localhost"));
  }

  private static List<String> run(String scene) throws IOException, InterruptedException {
    return run(scene, System.getProperty("java.class.path"));
  }

  private static List<String> runWithAnotherProvider(String scene)
      throws IOException, InterruptedException {
    String others = Path.of("src", "test", "another-provider").toAbsolutePath().toString();
    return run(scene, others + File.pathSeparator + System.getProperty("java.class.path"));
  }

  private static List<String> run(String scene, String classPath)
      throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(java, "-cp", classPath, DnsEgressFilterProcess.class.getName(), scene)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return said.lines().toList();
  }
}
