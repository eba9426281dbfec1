package dev.runhook.bench.subject;

import dev.runhook.bench.process.Child;
import dev.runhook.bench.work.Backlog;
import dev.runhook.bench.work.HttpLoad;
import dev.runhook.bench.work.Window;
import dev.runhook.bench.work.World;
import dev.runhook.bootstrap.Main;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/// Starts what is measured.
///
/// @param callers how many report at a time
/// @param window how many reports may be outstanding
public record Subjects(Site site, World world, int callers, int window) {
  private static final String TOKEN = "bench-token-of-24-characters-or-more";
  private static final long LOOK_NANOS = 20_000_000;
  private static final int MOST_LOOKS = 6_000;

  /// The JDK's client against the sink.
  public Subject bare() {
    Child child = started("bare", BareProcess.class, List.of());
    return new ChildSubject("bare JDK client", "runhook", child, () -> {});
  }

  /// The outbox that works one by one.
  public Subject outbox() {
    String url = site.cluster().create("outbox");
    site.cluster().execute("outbox", OutboxProcess.TABLES);
    Child child = started("outbox", OutboxProcess.class, List.of(Integer.toString(window), url));
    return new ChildSubject(
        "one-by-one outbox", "runhook", child, () -> awaitNone("outbox", "outbox"));
  }

  /// Runhook within a program that records by itself.
  public Subject host(String database) {
    return new ChildSubject(
        "runhook in process",
        "runhook",
        hosting(database),
        () -> awaitNone(database, "runhook.queue"));
  }

  /// Runhook within a program, with a backlog that others recorded.
  public Subject backlog(String database) {
    Child child = hosting(database);
    return new BacklogSubject(
        "runhook, backlog",
        child,
        new Backlog(world, site.cluster().pool(database)),
        () -> awaitNone(database, "runhook.queue"));
  }

  private Child hosting(String database) {
    Child child =
        Child.start(
            site.plan(
                database,
                HostProcess.class,
                List.of(
                    site.database(database, world),
                    site.receiptsFile().toString(),
                    site.answeredFile().toString(),
                    Integer.toString(site.capacity()),
                    Integer.toString(world.stacks()),
                    Integer.toString(world.runs()),
                    Integer.toString(world.fanOut()),
                    Integer.toString(callers),
                    Integer.toString(window))));
    child.await("ready");
    return child;
  }

  /// A server on a database of that name, which has the world in it.
  public Server server(String database) {
    return server(database, site::endpoint);
  }

  /// The same with other endpoints.
  public Server server(String database, IntFunction<String> endpoints) {
    return serve(database, site.database(database, world, endpoints));
  }

  /// A server on a database that is there.
  private Server serve(String database, String url) {
    Map<String, String> environment =
        Map.of(
            "RUNHOOK_DATABASE_URL",
            url,
            "RUNHOOK_PORT",
            "0",
            "RUNHOOK_ACCOUNT",
            World.ACCOUNT.name(),
            "RUNHOOK_ADMIN_TOKEN",
            TOKEN,
            "RUNHOOK_ALLOWED_NETWORKS",
            "127.0.0.0/8",
            "RUNHOOK_DATA_DIR",
            site.folder().resolve(database + "-data").toString());
    Child child = Child.start(site.plan(database, Main.class, List.of("serve"), environment));
    String greeting = child.await("Runhook");
    String address = greeting.replaceAll(".*http://[^:]*:(\\d+).*", "$1");
    return new Server(this, child, Integer.parseInt(address), database);
  }

  /// A running server that can be given work over HTTP.
  public record Server(Subjects subjects, Child child, int port, String database)
      implements AutoCloseable {
    /// @param perRequest how many reports in a request
    public Subject loaded(String name, int perRequest) {
      return new ServerSubject(name, child, load(subjects.callers()), perRequest, this::awaitIdle);
    }

    /// Clients for it.
    public HttpLoad load(int clients) {
      return HttpLoad.on(
          new HttpLoad.Target(port, TOKEN, clients),
          subjects.world(),
          new Window(subjects.site().receipts(), subjects.window(), subjects.world().fanOut()),
          subjects.site().answered());
    }

    public void awaitIdle() {
      subjects.awaitNone(database, "runhook.queue");
    }

    @Override
    public void close() {
      child.close();
    }
  }

  private Child started(String name, Class<?> main, List<String> more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                site.endpoint(0).replaceAll("0$", ""),
                Integer.toString(world.stacks() * world.fanOut()),
                site.receiptsFile().toString(),
                site.answeredFile().toString(),
                Integer.toString(site.capacity())));
    arguments.addAll(more);
    Child child = Child.start(site.plan(name, main, arguments));
    child.await("ready");
    return child;
  }

  /// Two minutes at most; a table that is not empty then shows as what was lost.
  private void awaitNone(String database, String table) {
    String any = "select exists (select from " + table + ")";
    for (int i = 0; i < MOST_LOOKS && site.cluster().query(database, any).equals("t"); i++) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
