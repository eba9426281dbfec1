package dev.runhook.bootstrap.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Several servers on one PostgreSQL, each with a data folder of its own.
final class Nodes implements AutoCloseable {
  private static final String TOKEN = "the-same-token-on-every-node";

  private final Path folder;
  private final SharedDatabase database;
  private final List<Home> homes = new ArrayList<>();

  Nodes(Path folder) {
    this.folder = folder;
    this.database = SharedDatabase.start(folder);
  }

  record Node(Home home, RunhookProcess process) {
    ApiClient client() {
      return home.client(process);
    }
  }

  Node start(Map<String, String> settings) {
    Home home = home(database.url(), settings);
    return new Node(home, home.serve());
  }

  SharedDatabase database() {
    return database;
  }

  /// Where servers on that database can be started.
  Home home(String url, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("RUNHOOK_DATABASE_URL", url);
    all.put("RUNHOOK_ADMIN_TOKEN", TOKEN);
    Home home = new Home(newFolder(), all);
    homes.add(home);
    return home;
  }

  @Override
  public void close() {
    homes.forEach(Home::close);
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
