package dev.runhook.outbound.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Each test starts a separate JVM, because a JVM cannot replace its resolver.
@Tag("slow")
final class DnsEgressFilterTest {
  @Test
  void a_filtered_process_cannot_resolve_a_denied_name_on_any_thread() throws Exception {
    assertThat(run("filtered"))
        .containsExactly(
            "localhost denied",
            "LOCALHOST denied",
            "localhost denied on another thread",
            "localhost not reached",
            "done");
  }

  @Test
  void infrastructure_hosts_still_resolve_but_the_transport_does_not_call_them() throws Exception {
    assertThat(run("exempt")).containsExactly("localhost found", "localhost not reached", "done");
  }

  @Test
  void an_allowed_network_resolves_and_is_reachable() throws Exception {
    assertThat(run("allowed")).containsExactly("localhost found", "localhost reached", "done");
  }

  @Test
  void every_name_resolves_without_the_filter_but_the_transport_still_blocks_addresses()
      throws Exception {
    assertThat(run("uninstalled"))
        .containsExactly("localhost found", "localhost not reached", "done");
  }

  @Test
  void the_filter_can_be_installed_only_once() throws Exception {
    assertThat(run("twice")).containsExactly("the DNS egress filter is already installed", "done");
  }

  @Test
  void the_installation_fails_if_the_jvm_uses_another_resolver() throws Exception {
    assertThat(runWithOtherProvider("filtered").getFirst())
        .startsWith("the JVM does not use the DNS egress filter");
  }

  @Test
  void a_transport_without_the_resolver_needs_a_proxy() throws Exception {
    assertThat(runWithOtherProvider("direct transport").getFirst())
        .startsWith("the JVM does not use Runhook's DNS resolver");
    assertThat(runWithOtherProvider("proxied transport")).containsExactly("done");
  }

  @Test
  void a_transport_that_cannot_set_the_host_header_says_what_to_configure() throws Exception {
    assertThat(run("direct transport")).containsExactly("done");
    assertThat(run("late transport").getFirst())
        .contains("-Djdk.httpclient.allowRestrictedHeaders=host");
  }

  @Test
  void a_late_installation_logs_a_warning() throws Exception {
    assertThat(run("late"))
        .anyMatch(line ->
            line.contains("names were looked up before the DNS egress filter was installed")
                && line.contains("localhost"));
  }

  private static List<String> run(String scenario) throws IOException, InterruptedException {
    return run(scenario, System.getProperty("java.class.path"));
  }

  private static List<String> runWithOtherProvider(String scenario)
      throws IOException, InterruptedException {
    String otherProvider = Path.of("src", "test", "another-provider").toAbsolutePath().toString();
    return run(
        scenario, otherProvider + File.pathSeparator + System.getProperty("java.class.path"));
  }

  private static List<String> run(String scenario, String classPath)
      throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                DnsEgressFilterProcess.class.getName(),
                scenario)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output.lines().toList();
  }
}
