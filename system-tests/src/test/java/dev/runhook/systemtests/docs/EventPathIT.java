package dev.runhook.systemtests.docs;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.tools.attach.VirtualMachine;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compares the table in `docs/internals/architecture.md` with the classes that a server enters.
class EventPathIT {
  private static final int MAX_ROWS = 65;
  private static final Pattern ROW = Pattern.compile("^\\| (`[^|]+`) \\|");
  private static final Pattern CLASS = Pattern.compile("`([\\w.]+)`");
  private static final String AGENT = EntryAgent.class.getName();
  private static final Map<String, String> SETTINGS =
      Map.of(
          "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
          "RUNHOOK_RATE_LIMIT", "100",
          "RUNHOOK_TRANSITION_RATE_LIMIT", "100");

  @TempDir private Path folder = Path.of(".");

  /// One webhook has a delivery in flight, so the next one waits for it. That of the other is
  /// handed off.
  @Test
  void the_table_has_the_classes_that_one_report_and_its_deliveries_enter() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (ServerInstallation installation =
            ServerInstallation.withPreparedDatabase(folder, SETTINGS);
        RecordingReceiver busy = RecordingReceiver.respondingAfter(gate);
        RecordingReceiver idle = RecordingReceiver.accepting()) {
      RunhookProcess server = installation.serve("-XX:+EnableDynamicAgentLoading");
      ApiClient admin = installation.client(server);
      String token = "{\"name\":\"CI\",\"role\":\"writer\"}";
      ApiClient client =
          new ApiClient(server.url(), admin.post("/tokens", token).json().path("token").asText());
      admin.putStack("demo");
      admin.createWebhook("demo", busy.url(), RecordingReceiver.SECRET);
      client.startRun("demo", "run").requireSuccess();
      await().atMost(RunhookProcess.TIMEOUT).until(() -> busy.count() == 1);
      String named = idle.url().replace("127.0.0.1", "localhost");
      admin.createWebhook("demo", named, RecordingReceiver.SECRET);
      VirtualMachine process = VirtualMachine.attach(Long.toString(server.pid()));
      String agent = agent().toString();
      process.loadAgent(agent, "");

      client.recordTransition("demo", "run", "PLANNING", 2).requireSuccess();
      gate.countDown();
      await().atMost(RunhookProcess.TIMEOUT).until(() -> busy.count() == 2 && idle.count() == 1);

      List<List<String>> rows = rows();
      Set<String> table = rows.stream().flatMap(List::stream).collect(toCollection(TreeSet::new));
      await()
          .pollInterval(Duration.ofMillis(500))
          .atMost(RunhookProcess.TIMEOUT)
          .untilAsserted(() ->
              assertThat(read(process, agent).map(name -> name.replace("class ", "")).toList())
                  .as("classes that are entered")
                  .containsAll(table));
      assertThat(table)
          .as("classes in the table")
          .containsAll(
              read(process, agent)
                  .filter(name -> name.startsWith("class ") && !name.startsWith("class domain."))
                  .map(name -> name.replace("class ", ""))
                  .toList());
      assertThat(rows).hasSizeLessThanOrEqualTo(MAX_ROWS);
    }
  }

  /// Reads the names that the agent has recorded, without the package of all of them.
  private Stream<String> read(VirtualMachine process, String agent) throws Exception {
    Path result = folder.resolve("entered");
    process.loadAgent(agent, result.toString());
    return Files.readAllLines(result).stream()
        .sorted()
        .map(name -> name.replace("dev.runhook.", ""));
  }

  /// A name without a package is in that of the first name of its row.
  private static List<List<String>> rows() {
    return MarkdownDocument.at(MarkdownDocument.root().resolve("docs/internals/architecture.md"))
        .linesBetween("<!-- path of an event", "<!-- end of path -->")
        .stream()
        .flatMap(line -> ROW.matcher(line).results())
        .map(row -> names(row.group(1)))
        .toList();
  }

  private static List<String> names(String cell) {
    List<String> names = CLASS.matcher(cell).results().map(name -> name.group(1)).toList();
    String first = names.getFirst();
    String folder = first.substring(0, first.lastIndexOf('.') + 1);
    return names.stream().map(name -> name.contains(".") ? name : folder + name).toList();
  }

  private Path agent() throws Exception {
    Path file = folder.resolve("agent.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Agent-Class", AGENT);
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    String entry = AGENT.replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest);
        InputStream content =
            Objects.requireNonNull(EntryAgent.class.getClassLoader().getResourceAsStream(entry))) {
      jar.putNextEntry(new JarEntry(entry));
      content.transferTo(jar);
    }
    return file;
  }
}
