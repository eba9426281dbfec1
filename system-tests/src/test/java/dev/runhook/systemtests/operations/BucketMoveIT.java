package dev.runhook.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.application.spi.Buckets;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.StackId;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.PostgresServer;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An operator moves the buckets of an installation to another database.
class BucketMoveIT {
  private static final String TOKEN = "test-token-0123456789abcdef";
  private static final String STACK_OF_LAST =
      IntStream.range(0, 100)
          .mapToObj(number -> "stack-" + number)
          .filter(slug -> new Buckets(2).of(new StackId(new AccountId("default"), slug)) == 1)
          .findFirst()
          .orElseThrow();

  @TempDir private Path folder;

  @Test
  void buckets_move_with_their_open_deliveries_and_the_old_settings_are_refused() throws Exception {
    AtomicBoolean available = new AtomicBoolean();
    try (PostgresServer postgres =
            new PostgresServer(Files.createDirectory(folder.resolve("db")).resolve("cluster"));
        RecordingReceiver receiver =
            RecordingReceiver.respondingWith(index -> available.get() ? 204 : 500)) {
      String source = postgres.createDatabase("source");
      String target = postgres.createDatabase("target");
      Map<String, String> settings =
          Map.of(
              "RUNHOOK_BUCKETS", "2",
              "RUNHOOK_DATABASE_URL", source,
              "RUNHOOK_ADMIN_TOKEN", TOKEN,
              "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
              "RUNHOOK_RETRY_SCHEDULE", "15s,15s,15s,15s,15s");
      try (ServerInstallation installation =
          new ServerInstallation(Files.createDirectory(folder.resolve("server")), settings)) {
        RunhookProcess server = installation.serve();
        ApiClient client = new ApiClient(server.url(), TOKEN);
        client.putStack(STACK_OF_LAST);
        client.createWebhook(STACK_OF_LAST, receiver.url(), RecordingReceiver.SECRET);
        client.startRun(STACK_OF_LAST, "run-1").requireSuccess();
        await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() > 0);

        RunhookProcess refused =
            installation.start(Map.of(), "bucket", "move", "1", "--to", target);
        assertThat(refused.awaitExit()).as(refused.allOutput()).isEqualTo(2);
        assertThat(refused.err().text()).contains("stop all processes");
        assertThat(server.terminate()).as(server.allOutput()).isZero();

        available.set(true);
        String divided = move(installation, Map.of(), 1, target);
        assertThat(divided).isEqualTo("0=%s;1=%s".formatted(source, target));
        PostgresServer.execute(source, "create schema runhook_07");
        assertThat(problems(installation, Map.of()))
            .containsExactly(
                "runhook: bucket 1 (schema runhook_01): it is not in its database",
                "runhook: the database at %s has the schema runhook_07, which the settings do not assign to it"
                    .formatted(source));
        PostgresServer.execute(source, "drop schema runhook_07");
        String unreachable = "jdbc:postgresql://127.0.0.1:1/target";
        assertThat(problems(installation, bucketUrls("0=%s;1=%s".formatted(source, unreachable))))
            .singleElement()
            .asString()
            .startsWith(
                "runhook: RUNHOOK_BUCKET_URLS: the database at %s is unreachable:"
                    .formatted(unreachable));
        String moved = move(installation, bucketUrls(divided), 0, target);
        assertThat(moved).isEqualTo("0-1=" + target);

        RunhookProcess old = installation.start(Map.of(), "serve");
        assertThat(old.awaitExit()).as(old.allOutput()).isEqualTo(2);
        assertThat(old.err().text()).contains("bucket 0 has the schema runhook_00_moved");
        RunhookProcess checked = installation.start(bucketUrls(moved), "bucket", "check");
        assertThat(checked.awaitExit()).as(checked.allOutput()).isZero();
        assertThat(checked.out().lines())
            .hasSize(3)
            .last()
            .asString()
            .matches("1 +runhook_01 +complete +5 +1 +1 +jdbc:postgresql://.*/target.*");
        RunhookProcess again = installation.start(bucketUrls(moved), "serve").awaitReady();
        await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.acceptedDeliveries() == 1);
        new ApiClient(again.url(), TOKEN).startRun(STACK_OF_LAST, "run-2").requireSuccess();
        await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.acceptedDeliveries() == 2);
        assertThat(again.terminate()).as(again.allOutput()).isZero();
      }
    }
  }

  /// Returns the setting that the command prints.
  private static String move(
      ServerInstallation installation, Map<String, String> urls, int bucket, String target) {
    RunhookProcess command =
        installation.start(urls, "bucket", "move", Integer.toString(bucket), "--to", target);
    assertThat(command.awaitExit()).as(command.allOutput()).isZero();
    return command.out().lines().getLast();
  }

  /// Returns what a check reports.
  private static List<String> problems(ServerInstallation installation, Map<String, String> urls) {
    RunhookProcess command = installation.start(urls, "bucket", "check");
    assertThat(command.awaitExit()).as(command.allOutput()).isEqualTo(1);
    return command.err().lines();
  }

  private static Map<String, String> bucketUrls(String urls) {
    return Map.of("RUNHOOK_DATABASE_URL", "", "RUNHOOK_BUCKET_URLS", urls);
  }
}
