package dev.runhook.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Clients that report at a constant rate, however the server responds: they do not wait for
/// responses, and they ignore `Retry-After`. What is due while none of their connections is free is
/// not sent. Not thread-safe.
public final class OpenLoopClients implements AutoCloseable {
  private static final Duration MAX_IDLE = Duration.ofSeconds(15);

  /// Longer than the server waits for a turn or for its database.
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  private static final double NANOS_PER_SECOND = 1e9;

  private final Selector selector;
  private final List<Account> accounts;
  private final Timestamps dueTimes;
  private final Timestamps responseTimes;
  private final Deque<HttpConnection> idle = new ArrayDeque<>();
  private final Map<HttpConnection, Request> busy = new HashMap<>();

  /// Requests that were refused. They are sent again instead of new ones, but not sooner.
  private final Deque<Request> refused = new ArrayDeque<>();

  private int nextNumber;
  private Counts counts = new Counts();

  private OpenLoopClients(
      Selector selector,
      List<Account> accounts,
      int firstNumber,
      Timestamps dueTimes,
      Timestamps responseTimes) {
    this.selector = selector;
    this.accounts = List.copyOf(accounts);
    this.nextNumber = firstNumber;
    this.dueTimes = dueTimes;
    this.responseTimes = responseTimes;
  }

  /// An account for which to report.
  public record Account(Dataset dataset, String token) {
    private String request(int first, int count) {
      return dataset.request(first, count, token);
    }
  }

  private record Request(int first, String text) {}

  /// What became of the reports of one run.
  public static final class Counts {
    private final BitSet accepted = new BitSet();
    private long offered;
    private long unsent;
    private long tooMany;
    private long unavailable;
    private final Map<String, Integer> incorrect = new TreeMap<>();

    /// The numbers of the reports that the server has acknowledged.
    public BitSet accepted() {
      return accepted;
    }

    /// The reports that were due.
    public long offered() {
      return offered;
    }

    /// Those of them for which no connection was free.
    public long unsent() {
      return unsent;
    }

    /// Those that were refused with 429.
    public long tooMany() {
      return tooMany;
    }

    /// Those that were refused with 503.
    public long unavailable() {
      return unavailable;
    }

    /// Those that got no response, another status, or a refusal that does not say when to try
    /// again, by what they got.
    public Map<String, Integer> incorrect() {
      return incorrect;
    }

    public int incorrectCount() {
      return incorrect.values().stream().mapToInt(reports -> reports).sum();
    }

    private void addRefused(int status, int reports) {
      switch (status) {
        case 429 -> tooMany += reports;
        case 503 -> unavailable += reports;
        default -> addIncorrect("status " + status, reports);
      }
    }

    private void addIncorrect(String got, int reports) {
      if (reports > 0) {
        incorrect.merge(got, reports, Integer::sum);
      }
    }
  }

  /// Connects to a server.
  ///
  /// @param connections their maximum number
  /// @param accounts get requests in turn
  /// @param firstNumber the number of the first report
  /// @param dueTimes get when each report was due
  /// @param responseTimes get when its request was answered
  public static OpenLoopClients open(
      int port,
      int connections,
      List<Account> accounts,
      int firstNumber,
      Timestamps dueTimes,
      Timestamps responseTimes) {
    try {
      OpenLoopClients clients =
          new OpenLoopClients(Selector.open(), accounts, firstNumber, dueTimes, responseTimes);
      for (int i = 0; i < connections; i++) {
        clients.idle.add(
            new HttpConnection(
                clients.selector,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                MAX_IDLE));
      }
      return clients;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot connect to the server", e);
    }
  }

  /// Reports for some time, and returns after the last response.
  ///
  /// @param perRequest the number of reports in a request
  public Counts run(double reportsPerSecond, int perRequest, Duration time) {
    counts = new Counts();
    double interval = perRequest * NANOS_PER_SECOND / reportsPerSecond;
    long start = System.nanoTime();
    long end = start + time.toNanos();
    try {
      for (long number = 0, due = start; due < end; due = start + (long) (++number * interval)) {
        receiveUntil(due);
        offer(due, perRequest);
      }
      long deadline = System.nanoTime() + MAX_WAIT.toNanos();
      while (!busy.isEmpty() && System.nanoTime() < deadline) {
        receive(1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the connection to the server failed", e);
    }
    List.copyOf(busy.keySet())
        .forEach(connection -> fail(connection, "no response in " + MAX_WAIT));
    return counts;
  }

  private void receiveUntil(long time) throws IOException {
    long left = time - System.nanoTime();
    do {
      receive(Math.max(0, left / 1_000_000));
      left = time - System.nanoTime();
    } while (left > 0);
  }

  /// @param millis 0 does not wait
  private void receive(long millis) throws IOException {
    if (millis > 0) {
      selector.select(this::handle, millis);
    } else {
      selector.selectNow(this::handle);
    }
  }

  private void offer(long due, int count) throws IOException {
    counts.offered += count;
    if (idle.isEmpty()) {
      counts.unsent += count;
      return;
    }
    Request request = refused.isEmpty() ? newRequest(count) : refused.remove();
    for (int i = 0; i < count; i++) {
      dueTimes.set(request.first() + i, due);
    }
    HttpConnection connection = idle.remove();
    connection.send(request.text(), request.first(), count);
    busy.put(connection, request);
  }

  private Request newRequest(int count) {
    Account account = accounts.get(nextNumber / count % accounts.size());
    Request request = new Request(nextNumber, account.request(nextNumber, count));
    nextNumber += count;
    return request;
  }

  private void handle(SelectionKey key) {
    HttpConnection connection = (HttpConnection) key.attachment();
    try {
      if (key.isReadable() && connection.receive()) {
        onResponse(connection);
      } else if (key.isValid() && key.isWritable()) {
        connection.resumeWrite();
      }
    } catch (UncheckedIOException | IllegalStateException e) {
      fail(connection, "" + e);
    }
  }

  private void onResponse(HttpConnection connection) {
    long now = System.nanoTime();
    Request request = Objects.requireNonNull(busy.remove(connection));
    idle.add(connection);
    int status = connection.status();
    if (status == 200 || status == 201) {
      int number = connection.first();
      for (int ofReport : connection.statuses()) {
        if (ofReport == 201) {
          counts.accepted.set(number);
          responseTimes.set(number, now);
        } else {
          counts.addRefused(ofReport, 1);
        }
        number++;
      }
    } else if ((status == 429 || status == 503) && connection.hasRetryAfter()) {
      counts.addRefused(status, connection.reportCount());
      refused.add(request);
    } else {
      counts.addIncorrect("status " + status, connection.reportCount());
    }
  }

  private void fail(HttpConnection connection, String reason) {
    connection.disconnect();
    if (busy.remove(connection) != null) {
      counts.addIncorrect(reason, connection.reportCount());
      idle.add(connection);
    }
  }

  @Override
  public void close() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
