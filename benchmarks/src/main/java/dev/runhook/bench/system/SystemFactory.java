package dev.runhook.bench.system;

import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.application.spi.Buckets;
import dev.runhook.bench.load.BacklogWriter;
import dev.runhook.bench.load.BackpressureWindow;
import dev.runhook.bench.load.DatabaseSeeder;
import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.load.HttpLoadGenerator;
import dev.runhook.bench.process.ChildProcess;
import dev.runhook.bench.process.PostgresServer;
import dev.runhook.bootstrap.cli.Main;
import dev.runhook.persistence.jdbi.BucketSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/// Starts the systems that are measured.
///
/// @param callers the number of concurrent clients
/// @param window the maximum number of reports that are recorded and not yet received
public record SystemFactory(Environment environment, Dataset dataset, int callers, int window) {
  public static final String EMBEDDED = "Runhook, embedded";
  public static final String BACKLOG = "Runhook, backlog";

  /// The token of [Dataset#ACCOUNT] at a server.
  public static final String TOKEN = "bench-token-of-24-characters-or-more";

  private static final long POLL_NANOS = 20_000_000;
  private static final int MAX_POLLS = 6_000;

  /// Starts the JDK's HTTP client, which calls the sink directly.
  public SystemUnderTest bare() {
    ChildProcess process = startProcess("bare", BareClientProcess.class, List.of());
    return new ChildProcessSystem("bare JDK client", process, false, () -> {});
  }

  /// Starts a queue that delivers what it records.
  public SystemUnderTest queue(PeerQueue peer) {
    ChildProcess process = startQueue(peer, window);
    return new ChildProcessSystem(
        peer.name(), process, true, () -> awaitEmpty(peer.database(), peer.table()));
  }

  /// Starts a queue that delivers a backlog.
  public SystemUnderTest queueBacklog(PeerQueue peer) {
    ChildProcess process = startQueue(peer, environment.capacity());
    return new BacklogSystem(
        peer.name(),
        process,
        count -> process.request("run " + count, "done"),
        () -> awaitEmpty(peer.database(), peer.table()));
  }

  private ChildProcess startQueue(PeerQueue peer, int maxOutstanding) {
    String url = environment.postgres().createDatabase(peer.database());
    environment.postgres().execute(peer.database(), peer.tables());
    return startProcess(
        peer.database(), peer.main(), List.of(Integer.toString(maxOutstanding), url));
  }

  /// Starts a program that embeds Runhook and records the transitions itself.
  public SystemUnderTest host(String database) {
    return new ChildProcessSystem(
        EMBEDDED, startHost(database), true, () -> awaitEmpty(database, "runhook.delivery_queue"));
  }

  /// Starts a program that embeds Runhook and delivers a backlog that another process recorded.
  public SystemUnderTest backlog(String database) {
    ChildProcess process = startHost(database);
    return new BacklogSystem(
        BACKLOG,
        process,
        new BacklogWriter(dataset, environment.postgres().pool(database))::write,
        () -> awaitEmpty(database, "runhook.delivery_queue"));
  }

  private ChildProcess startHost(String database) {
    ChildProcess process =
        environment.start(
            database,
            HostProcess.class,
            List.of(
                environment.database(database, dataset),
                environment.receiptsFile().toString(),
                environment.acknowledgementsFile().toString(),
                Integer.toString(environment.capacity()),
                Integer.toString(dataset.stacks()),
                Integer.toString(dataset.runs()),
                Integer.toString(dataset.fanOut()),
                Integer.toString(callers),
                Integer.toString(window)));
    process.awaitLine("ready");
    return process;
  }

  /// Starts a server on a new database with the given name, which contains the dataset.
  public RunningServer server(String database) {
    return server(database, environment::endpoint);
  }

  /// Starts a server on a new database in which the webhooks have the given endpoints.
  public RunningServer server(String database, IntFunction<String> endpoints) {
    String url = environment.database(database, dataset, endpoints);
    return new RunningServer(this, List.of(node(database, at(url))), tables(database));
  }

  /// Starts two servers on the same new database.
  public RunningServer twoServers(String database) {
    String url = environment.database(database, dataset);
    return new RunningServer(
        this, List.of(node(database, at(url)), node(database + "-2", at(url))), tables(database));
  }

  private List<OpenTable> tables(String database) {
    return List.of(new OpenTable(environment.postgres(), database, "runhook.delivery_queue"));
  }

  private static Map<String, String> at(String url) {
    return Map.of("RUNHOOK_DATABASE_URL", url);
  }

  /// Starts a server whose buckets are divided over new databases of these servers.
  public RunningServer server(String database, List<PostgresServer> postgres, int buckets) {
    List<String> urls = postgres.stream().map(one -> one.createDatabase(database)).toList();
    List<HikariDataSource> pools =
        urls.stream().map(url -> PostgresServer.newPool(url, 16)).toList();
    List<HikariDataSource> byBucket = new ArrayList<>();
    List<OpenTable> tables = new ArrayList<>();
    StringJoiner settings = new StringJoiner(";");
    for (BucketSchema schema : BucketSchema.all(new Buckets(buckets))) {
      int server = schema.number() * postgres.size() / buckets;
      byBucket.add(pools.get(server));
      tables.add(new OpenTable(postgres.get(server), database, schema.name() + ".delivery_queue"));
      settings.add(schema.number() + "=" + urls.get(server));
    }
    try {
      DatabaseSeeder.seed(dataset, byBucket, environment::endpoint);
    } finally {
      pools.forEach(HikariDataSource::close);
    }
    Map<String, String> variables =
        Map.of(
            "RUNHOOK_BUCKETS",
            Integer.toString(buckets),
            "RUNHOOK_BUCKET_URLS",
            settings.toString());
    return new RunningServer(this, List.of(node(database, variables)), tables);
  }

  private Node node(String name, Map<String, String> database) {
    Map<String, String> variables = new HashMap<>(database);
    variables.putAll(
        Map.of(
            "RUNHOOK_PORT",
            "0",
            "RUNHOOK_RATE_LIMIT",
            "0",
            "RUNHOOK_TRANSITION_RATE_LIMIT",
            "0",
            "RUNHOOK_ACCOUNT",
            Dataset.ACCOUNT.name(),
            "RUNHOOK_ADMIN_TOKEN",
            TOKEN,
            "RUNHOOK_ALLOWED_NETWORKS",
            "127.0.0.0/8",
            "RUNHOOK_DATA_DIR",
            environment.folder().resolve(name + "-data").toString()));
    ChildProcess process = environment.start(name, Main.class, List.of("serve"), variables);
    String readyLine = process.awaitLine("Runhook");
    String port = readyLine.replaceAll(".*http://[^:]*:(\\d+).*", "$1");
    return new Node(process.pid(), Integer.parseInt(port));
  }

  /// A process that accepts reports over HTTP.
  public record Node(long pid, int port) {}

  /// A table that is empty when all deliveries are finished.
  record OpenTable(PostgresServer server, String database, String name) {
    /// Waits until the table is empty, for at most two minutes. Deliveries that remain after that
    /// are reported as lost.
    void awaitEmpty() {
      String notEmpty = "select exists (select from " + name + ")";
      for (int i = 0; i < MAX_POLLS && server.query(database, notEmpty).equals("t"); i++) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  /// One process or several on the same databases.
  ///
  /// @param open the open deliveries of each bucket
  public record RunningServer(SystemFactory factory, List<Node> nodes, List<OpenTable> open) {
    /// Puts the server under load.
    ///
    /// @param perRequest the number of reports in a request
    public SystemUnderTest underLoad(String name, int perRequest) {
      return new ServerSystem(name, this, loadGenerator(factory.callers()), perRequest);
    }

    /// Creates clients of the server.
    public HttpLoadGenerator loadGenerator(int clients) {
      return HttpLoadGenerator.open(
          new HttpLoadGenerator.Target(nodes.stream().map(Node::port).toList(), TOKEN, clients),
          factory.dataset(),
          new BackpressureWindow(
              factory.environment().receipts(), factory.window(), factory.dataset().fanOut()),
          factory.environment().acknowledgements());
    }

    /// Returns the ids of its processes and of the clients' by name.
    Map<String, Long> processes() {
      Map<String, Long> processes = new HashMap<>();
      processes.put("client", ProcessHandle.current().pid());
      for (int i = 0; i < nodes.size(); i++) {
        processes.put(i == 0 ? "runhook" : "runhook " + (i + 1), nodes.get(i).pid());
      }
      return processes;
    }

    public void awaitIdle() {
      open.forEach(OpenTable::awaitEmpty);
    }

    /// A server under the load of this process.
    ///
    /// @param perRequest the number of reports in a request; 1 uses the endpoint for single reports
    private record ServerSystem(
        String name, RunningServer server, HttpLoadGenerator load, int perRequest)
        implements SystemUnderTest {
      @Override
      public TimeSpan run(int count) {
        long from = System.nanoTime();
        load.run(count, perRequest);
        return new TimeSpan(from, System.nanoTime());
      }

      @Override
      public Map<String, Long> processes() {
        return server.processes();
      }

      @Override
      public void awaitIdle() {
        server.awaitIdle();
      }
    }
  }

  private ChildProcess startProcess(String name, Class<?> main, List<String> extraArguments) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                environment.endpoint(0).replaceAll("0$", ""),
                Integer.toString(dataset.stacks() * dataset.fanOut()),
                environment.receiptsFile().toString(),
                environment.acknowledgementsFile().toString(),
                Integer.toString(environment.capacity())));
    arguments.addAll(extraArguments);
    ChildProcess process = environment.start(name, main, arguments);
    process.awaitLine("ready");
    return process;
  }

  private void awaitEmpty(String database, String table) {
    new OpenTable(environment.postgres(), database, table).awaitEmpty();
  }
}
