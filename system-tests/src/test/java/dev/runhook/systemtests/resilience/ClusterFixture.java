package dev.runhook.systemtests.resilience;

import dev.runhook.systemtests.fixture.ApiClient;
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

/// Several servers on one PostgreSQL, each with a data folder of its own.
final class ClusterFixture implements AutoCloseable {
  private static final String TOKEN = "the-same-token-on-every-node";

  private final Path folder;
  private final SharedPostgres database;
  private final List<ServerInstallation> homes = new ArrayList<>();

  ClusterFixture(Path folder) {
    this.folder = folder;
    this.database = SharedPostgres.start(folder);
  }

  record Node(ServerInstallation installation, RunhookProcess process) {
    ApiClient client() {
      return installation.client(process);
    }
  }

  Node start(Map<String, String> settings) {
    ServerInstallation serverInstallation = installation(database.url(), settings);
    return new Node(serverInstallation, serverInstallation.serve());
  }

  SharedPostgres database() {
    return database;
  }

  /// Where servers on that database can be started.
  ServerInstallation installation(String url, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("RUNHOOK_DATABASE_URL", url);
    all.put("RUNHOOK_ADMIN_TOKEN", TOKEN);
    ServerInstallation serverInstallation = new ServerInstallation(newFolder(), all);
    homes.add(serverInstallation);
    return serverInstallation;
  }

  @Override
  public void close() {
    homes.forEach(ServerInstallation::close);
    database.close();
  }

  private Path newFolder() {
    try {
      return Files.createDirectory(folder.resolve("node-" + homes.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
