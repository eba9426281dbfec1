package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.bootstrap.process.Snippets.Language;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The code in `docs/receiving.md`, run against what a real server delivers.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReceivingDocIT {
  private static final String SECRET = LoggedReceiver.SECRET;

  @TempDir private static Path data;
  @TempDir private Path folder;
  private final LoggedReceiver receiver = LoggedReceiver.accepting();
  private Home home = new Home(Path.of("."), Map.of());
  private List<Arrival> arrivals = List.of();

  @BeforeAll
  void deliver() throws IOException {
    home = Home.furnished(data, Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8"));
    ApiClient client = home.client(home.serve());
    client.registerStack("demo");
    client.createWebhook("demo", receiver.url(), SECRET);
    client
        .post(
            "/stacks/demo/runs",
            "{\"id\":\"run-1\",\"branch\":\"m\",\"commit\":{\"hash\":\"0ee3\",\"message\":\"Gr\u00fc\u00dfe \ud83d\ude80 </a>\"}}")
        .expectingSuccess();
    client.move("demo", "run-1", "PREPARING", 2).expectingSuccess();
    client.move("demo", "run-1", "INITIALIZING", 5).expectingSuccess();
    await().atMost(RunhookProcess.PATIENCE).until(() -> receiver.count() >= 3);
    arrivals = receiver.log();
  }

  @AfterAll
  void close() {
    home.close();
    receiver.close();
  }

  private static byte[] bytes(Arrival arrival) {
    return arrival.body().getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @EnumSource
  void the_code_verifies_what_came_and_nothing_else(Language language) throws Exception {
    Snippets snippets = new Snippets(folder);
    Arrival first = arrivals.getFirst();
    byte[] body = bytes(first);
    byte[] tampered = bytes(first);
    int middle = tampered.length / 2;
    tampered[middle] = (byte) (tampered[middle] ^ 1);
    String header = first.header("x-signature-256");

    assertThat(snippets.verifies(language, SECRET, body, header)).isTrue();
    assertThat(snippets.verifies(language, SECRET, tampered, header)).as("tampered").isFalse();
    assertThat(snippets.verifies(language, SECRET + "x", body, header)).isFalse();
    assertThat(snippets.verifies(language, SECRET, body, "")).isFalse();
    assertThat(snippets.verifies(language, SECRET, body, header + "0")).isFalse();
    assertThat(snippets.verifies(language, SECRET, body, arrivals.get(1).header("x-signature-256")))
        .isFalse();
  }

  @Test
  void the_code_for_repeats_and_order_keeps_the_newest_and_takes_each_once() throws Exception {
    StringBuilder asking = new StringBuilder(Snippets.code("python", "def receive"));
    asking.append("\ntold = []\n");
    for (int each : List.of(0, 0, 2, 1, 2, 1)) {
      Arrival arrival = arrivals.get(each);
      Files.write(folder.resolve("body-" + each), bytes(arrival));
      asking.append(
          "told.append(receive(\"%s\", open(\"body-%d\", \"rb\").read()))%n"
              .formatted(arrival.header("webhook-id"), each));
    }
    asking.append("told.append(receive(\"m\", b'{\"event\":\"ping\"}'))\n");
    asking.append("print(told, store.execute(\"select * from run\").fetchall())\n");
    Files.writeString(folder.resolve("ask.py"), asking);

    String printed = new Snippets(folder).run(List.of("python3", "ask.py"));

    assertThat(printed.strip())
        .isEqualTo(
            "[True, False, True, False, False, False, False] [('demo', 'run-1', 5, 'INITIALIZING')]");
  }
}
