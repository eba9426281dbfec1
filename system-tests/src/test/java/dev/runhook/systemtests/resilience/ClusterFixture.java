package dev.runhook.systemtests.resilience;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.PostgresServer;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Several servers on one PostgreSQL server, each with its own data directory.
final class ClusterFixture implements AutoCloseable {
  private static final String TOKEN = "the-same-token-on-every-node";

  private final Path folder;
  private final PostgresServer database;
  private final List<ServerInstallation> installations = new ArrayList<>();

  ClusterFixture(Path folder) {
    this.folder = folder;
    this.database = new PostgresServer(folder.resolve("postgres"));
  }

  record Node(ServerInstallation installation, RunhookProcess process) {
    ApiClient client() {
      return installation.client(process);
    }
  }

  Node start(Map<String, String> settings) {
    ServerInstallation installation = installation(database.url(), settings);
    return new Node(installation, installation.serve());
  }

  PostgresServer database() {
    return database;
  }

  /// An installation whose servers use the given database.
  ServerInstallation installation(String url, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("RUNHOOK_DATABASE_URL", url);
    all.put("RUNHOOK_ADMIN_TOKEN", TOKEN);
    ServerInstallation installation = new ServerInstallation(newFolder(), all);
    installations.add(installation);
    return installation;
  }

  /// Expires all leases of a database instead of waiting for them.
  static void expireLeases(String url) {
    PostgresServer.execute(
        url,
        """
        update runhook.delivery_queue set leased_until = now() - interval '1 second'
        where leased_until is not null\
        """);
  }

  @Override
  public void close() {
    installations.forEach(ServerInstallation::close);
    database.close();
  }

  private Path newFolder() {
    try {
      return Files.createDirectory(folder.resolve("node-" + installations.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
