package dev.runhook.bench.system;

import dev.runhook.bench.load.BacklogWriter;
import dev.runhook.bench.load.BackpressureWindow;
import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.load.HttpLoadGenerator;
import dev.runhook.bench.process.ChildProcess;
import dev.runhook.bootstrap.cli.Main;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/// Starts what is measured.
///
/// @param callers how many report at a time
/// @param window how many reports may be outstanding
public record SystemFactory(Environment environment, Dataset dataset, int callers, int window) {
  private static final String TOKEN = "bench-token-of-24-characters-or-more";
  private static final long LOOK_NANOS = 20_000_000;
  private static final int MOST_LOOKS = 6_000;

  /// The JDK's client against the sink.
  public SystemUnderTest bare() {
    ChildProcess childProcess = started("bare", BareClientProcess.class, List.of());
    return new ChildProcessSystem("bare JDK client", "runhook", childProcess, () -> {});
  }

  /// The outbox that works one by one.
  public SystemUnderTest outbox() {
    String url = environment.postgres().createDatabase("outbox");
    environment.postgres().execute("outbox", OutboxProcess.TABLES);
    ChildProcess childProcess =
        started("outbox", OutboxProcess.class, List.of(Integer.toString(window), url));
    return new ChildProcessSystem(
        "one-by-one outbox", "runhook", childProcess, () -> awaitNone("outbox", "outbox"));
  }

  /// Runhook within a program that records by itself.
  public SystemUnderTest host(String database) {
    return new ChildProcessSystem(
        "runhook in process",
        "runhook",
        hosting(database),
        () -> awaitNone(database, "runhook.delivery_queue"));
  }

  /// Runhook within a program, with a backlog that others recorded.
  public SystemUnderTest backlog(String database) {
    ChildProcess childProcess = hosting(database);
    return new BacklogSystem(
        "runhook, backlog",
        childProcess,
        new BacklogWriter(dataset, environment.postgres().pool(database)),
        () -> awaitNone(database, "runhook.delivery_queue"));
  }

  private ChildProcess hosting(String database) {
    ChildProcess childProcess =
        ChildProcess.start(
            environment.launchSpec(
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
                    Integer.toString(window))));
    childProcess.awaitLine("ready");
    return childProcess;
  }

  /// A server on a database of that name, which has the world in it.
  public RunningServer server(String database) {
    return server(database, environment::endpoint);
  }

  /// The same with other endpoints.
  public RunningServer server(String database, IntFunction<String> endpoints) {
    return serve(database, environment.database(database, dataset, endpoints));
  }

  /// A server on a database that is there.
  private RunningServer serve(String database, String url) {
    Map<String, String> variables =
        Map.of(
            "RUNHOOK_DATABASE_URL",
            url,
            "RUNHOOK_PORT",
            "0",
            "RUNHOOK_ACCOUNT",
            Dataset.ACCOUNT.name(),
            "RUNHOOK_ADMIN_TOKEN",
            TOKEN,
            "RUNHOOK_ALLOWED_NETWORKS",
            "127.0.0.0/8",
            "RUNHOOK_DATA_DIR",
            environment.folder().resolve(database + "-data").toString());
    ChildProcess childProcess =
        ChildProcess.start(
            environment.launchSpec(database, Main.class, List.of("serve"), variables));
    String greeting = childProcess.awaitLine("Runhook");
    String address = greeting.replaceAll(".*http://[^:]*:(\\d+).*", "$1");
    return new RunningServer(this, childProcess, Integer.parseInt(address), database);
  }

  /// A running server that can be given work over HTTP.
  public record RunningServer(SystemFactory factory, ChildProcess child, int port, String database)
      implements AutoCloseable {
    /// @param perRequest how many reports in a request
    public SystemUnderTest underLoad(String name, int perRequest) {
      return new ServerSystem(
          name, child, loadGenerator(factory.callers()), perRequest, this::awaitIdle);
    }

    /// Clients for it.
    public HttpLoadGenerator loadGenerator(int clients) {
      return HttpLoadGenerator.open(
          new HttpLoadGenerator.Target(port, TOKEN, clients),
          factory.dataset(),
          new BackpressureWindow(
              factory.environment().receipts(), factory.window(), factory.dataset().fanOut()),
          factory.environment().acknowledgements());
    }

    public void awaitIdle() {
      factory.awaitNone(database, "runhook.delivery_queue");
    }

    @Override
    public void close() {
      child.close();
    }
  }

  private ChildProcess started(String name, Class<?> main, List<String> more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                environment.endpoint(0).replaceAll("0$", ""),
                Integer.toString(dataset.stacks() * dataset.fanOut()),
                environment.receiptsFile().toString(),
                environment.acknowledgementsFile().toString(),
                Integer.toString(environment.capacity())));
    arguments.addAll(more);
    ChildProcess childProcess = ChildProcess.start(environment.launchSpec(name, main, arguments));
    childProcess.awaitLine("ready");
    return childProcess;
  }

  /// Two minutes at most; a table that is not empty then shows as what was lost.
  private void awaitNone(String database, String table) {
    String any = "select exists (select from " + table + ")";
    for (int i = 0;
        i < MOST_LOOKS && environment.postgres().query(database, any).equals("t");
        i++) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
