package dev.runhook.systemtests.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that try to use up the memory or the processors of a small server, while another
/// account works. Its latencies are printed, because they depend on what else the machine does.
class OverloadIT {
  private static final int MIB = 1024 * 1024;
  private static final int CONNECTIONS = 48;
  private static final int POSTS = FaultSuite.choose(2, 5);
  private static final int CALLS = FaultSuite.choose(20, 50);

  @TempDir private static Path folder;
  private static ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());
  private static RunhookProcess server;
  private static ApiClient other;
  private static String attacker = "";

  private final List<Socket> sockets = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    installation = ServerInstallation.withPreparedDatabase(folder, Map.of());
    server = installation.serve("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
    attacker = createToken("attacker");
    other = new ApiClient(server.url(), createToken("other"));
    other.putStack("calm");
    new ApiClient(server.url(), attacker).putStack("demo");
  }

  private static String createToken(String account) {
    RunhookProcess created =
        installation.start(
            Map.of(), "token", "create", "--local", "--account", account, "--role", "admin");
    assertThat(created.awaitExit()).isZero();
    return created.out().lines().getFirst();
  }

  @AfterAll
  static void stop() {
    installation.close();
  }

  @AfterEach
  void disconnect() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void held_bodies_of_sign_ins_use_no_memory() throws Exception {
    for (int i = 0; i < 400; i++) {
      hold("POST /api/v1/session", "X-Runhook-Csrf: 1");
    }

    requireOthersWork();
  }

  @Test
  void held_bodies_of_one_account_leave_memory_for_others() throws Exception {
    for (int i = 0; i < 300; i++) {
      hold("PUT /api/v1/stacks/demo", "Authorization: Bearer " + attacker);
    }

    requireOthersWork();
    other.put("/stacks/large", "{\"name\":\"x\"}" + " ".repeat(MIB / 2)).requireSuccess();
  }

  @Test
  void large_stacks_do_not_make_large_responses() throws Exception {
    ApiClient client = new ApiClient(server.url(), attacker);
    String tooLarge = stack(15, 65_000);
    assertThat(client.put("/stacks/huge", tooLarge).status()).isEqualTo(400);
    for (int i = 0; i < 100; i++) {
      client.put("/stacks/big" + i, stack(64, 128)).requireSuccess();
    }

    for (int i = 0; i < 300; i++) {
      Socket slow = connect();
      send(slow, "GET /api/v1/stacks?limit=200", "Authorization: Bearer " + attacker, "");
    }

    requireOthersWork();
    assertThat(client.get("/stacks?limit=200").body().length()).isLessThan(2 * MIB);
  }

  @Test
  void signature_checks_of_one_account_take_turns() throws Exception {
    String body = "{\\\"a\\\":[1,2.50,\\\"x\\\"]}\\r\\n".repeat(1900);
    String check =
        "{\"secret\":\"secret\",\"signature\":\"sha256=%s\",\"body\":\"%s\"}"
            .formatted("0".repeat(64), body);

    assertThat(postOften("/signatures/check", check)).contains(200).isSubsetOf(200, 503);
  }

  @Test
  void large_invalid_bodies_of_one_account_take_turns() throws Exception {
    String invalid = "[" + "{\"a\":1},".repeat(MIB / 32) + "0";

    assertThat(postOften("/transitions", invalid)).contains(400).isSubsetOf(400, 503);
  }

  /// Posts the body over many connections while others work, and returns the statuses.
  private static Queue<Integer> postOften(String path, String body) throws Exception {
    ApiClient client = new ApiClient(server.url(), attacker);
    Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<?>> attack = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        attack.add(
            executor.submit(() -> {
              for (int j = 0; j < POSTS; j++) {
                statuses.add(client.post(path, body).status());
              }
              return null;
            }));
      }

      requireOthersWork();
      for (Future<?> each : attack) {
        each.get();
      }
    }
    return statuses;
  }

  private static String stack(int labels, int length) {
    String label = "\"" + "L".repeat(length) + "\",";
    return "{\"name\":\"N\",\"description\":\"%s\",\"labels\":[%s\"end\"]}"
        .formatted("d".repeat(4096), label.repeat(labels - 1));
  }

  /// Announces a body of 1 MiB, and sends it except for its end, as far as the server reads it.
  private void hold(String line, String header) throws IOException {
    Socket socket = connect();
    send(socket, line, header, "Content-Length: " + MIB + "\r\n");
    Thread.startVirtualThread(() -> {
      try {
        socket.getOutputStream().write(("{\"token\":\"" + "a".repeat(MIB - 300)).getBytes(UTF_8));
      } catch (IOException _) {
        // refused, or the end of the test
      }
    });
  }

  private Socket connect() throws IOException {
    URI url = URI.create(server.url());
    Socket socket = new Socket(url.getHost(), url.getPort());
    sockets.add(socket);
    return socket;
  }

  private static void send(Socket socket, String line, String header, String length)
      throws IOException {
    String head =
        "%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s\r\n%s\r\n"
            .formatted(line, header, length);
    socket.getOutputStream().write(head.getBytes(UTF_8));
  }

  private static void requireOthersWork() throws IOException {
    List<Long> latencies = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      other.get("/stacks").requireSuccess();
      other.startRun("calm", UUID.randomUUID().toString()).requireSuccess();
      other.getWithoutToken("/health/live").requireSuccess();
      latencies.add(System.nanoTime() - start);
    }
    System.out.println("other account: " + new Latencies(latencies));
    assertThat(server.isAlive()).isTrue();
  }
}
