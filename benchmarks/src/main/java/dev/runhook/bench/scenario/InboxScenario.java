package dev.runhook.bench.scenario;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.f4b6a3.uuid.UuidCreator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.process.ProcessUsage;
import dev.runhook.bench.report.MachineInfo;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Statistics;
import dev.runhook.bench.report.Table;
import dev.runhook.bench.system.Environment;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.receiver.DeliveryReceiver;
import dev.runhook.receiver.DeliveryResult;
import dev.runhook.receiver.InboxDialect;
import dev.runhook.receiver.JdbcInbox;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Receivers that store the latest state of each run: one commits only this effect, and the others
/// have an inbox too. Each gets the same signed requests over HTTP, from as many clients as it has
/// database connections.
public final class InboxScenario implements Scenario {
  private static final int CLIENTS = 16;
  private static final String READ_COMMITTED = "read committed";
  private static final String REPEATABLE_READ = "repeatable read";
  private static final String EFFECT =
      """
      insert into run_state (id, payload) values (?, ?)
      on conflict (id) do update set payload = excluded.payload
      """;

  @Override
  public String name() {
    return "inbox";
  }

  /// Verifies and handles a request in the transaction of a connection.
  private interface Receiver {
    DeliveryResult receive(Connection connection, HttpExchange exchange, byte[] body)
        throws SQLException;
  }

  /// A receiver with its own database, and its figures.
  private record Candidate(
      String name,
      Receiver receiver,
      HikariDataSource database,
      List<Double> rates,
      List<Double> micros,
      List<Double> totals) {}

  @Override
  public void measure(Environment environment, Options options, Report report) {
    DeliveryReceiver verifier = DeliveryReceiver.withSecret(Dataset.SECRET.reveal());
    JdbcInbox inbox = JdbcInbox.of(verifier, InboxDialect.POSTGRESQL);
    JdbcInbox ordered = inbox.withOrder(Duration.ofMinutes(1));
    List<Candidate> candidates =
        List.of(
            candidate(
                environment, "only the effect", inbox, READ_COMMITTED, withoutInbox(verifier)),
            candidate(environment, "with an inbox", inbox, READ_COMMITTED, withInbox(inbox)),
            candidate(
                environment, "with an inbox in order", ordered, READ_COMMITTED, withInbox(ordered)),
            candidate(
                environment,
                "with an inbox that commits",
                inbox,
                REPEATABLE_READ,
                withCommit(inbox)),
            candidate(
                environment,
                "with an inbox in order that commits",
                ordered,
                REPEATABLE_READ,
                withCommit(ordered)));
    long[] versions = new long[Math.max(CLIENTS, options.runs / CLIENTS * CLIENTS)];
    for (int round = 0; round <= options.rounds; round++) { // round 0 warms up
      int count = round == 0 ? options.warmUp : options.transitions;
      List<byte[]> requests = sign(count, versions);
      for (Candidate candidate : candidates) {
        ProcessUsage before = ProcessUsage.ofProcessTree(environment.postgres().pid());
        double ownBefore = ownSeconds();
        double rate = receive(candidate, requests);
        ProcessUsage used = ProcessUsage.ofProcessTree(environment.postgres().pid()).since(before);
        double own = ownSeconds() - ownBefore;
        report.progress(
            "round %d of %d: %s, %s received/s"
                .formatted(round, options.rounds, candidate.name, RoundResult.format(rate)));
        if (round > 0) {
          double micros = used.cpuSeconds() * 1e6 / count;
          candidate.rates.add(rate);
          candidate.micros.add(micros);
          candidate.totals.add(micros + own * 1e6 / count);
          report.round(
              Map.of(
                  "system",
                  candidate.name,
                  "round",
                  round,
                  "receivedPerSecond",
                  rate,
                  "postgresMicros",
                  micros,
                  "micros",
                  candidate.totals.getLast(),
                  "load",
                  MachineInfo.loadAverage()));
        }
      }
    }
    report.paragraph(table(candidates));
  }

  private static Candidate candidate(
      Environment environment, String name, JdbcInbox inbox, String isolation, Receiver receiver) {
    String database = name.replace(' ', '_');
    environment.postgres().createDatabase(database);
    for (String sql :
        List.of(
            "create table run_state (id text primary key, payload text)",
            "alter database %s set default_transaction_isolation = '%s'"
                .formatted(database, isolation))) {
      environment.postgres().execute(database, sql);
    }
    HikariDataSource pool = environment.postgres().pool(database);
    try (Connection connection = pool.getConnection()) {
      inbox.createTables(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new Candidate(
        name, receiver, pool, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /// The CPU time of this process: the clients, which do the same for all, and the receiver.
  private static double ownSeconds() {
    return ProcessUsage.of(ProcessHandle.current().pid()).cpuSeconds();
  }

  private static Receiver withoutInbox(DeliveryReceiver verifier) {
    return (connection, exchange, body) -> {
      DeliveryResult result = verifier.verify(exchange.getRequestHeaders()::getFirst, body);
      saveState(connection, exchange, body);
      return result;
    };
  }

  private static Receiver withInbox(JdbcInbox inbox) {
    return (connection, exchange, body) ->
        inbox.receive(
            connection,
            exchange.getRequestHeaders()::getFirst,
            body,
            _ -> saveState(connection, exchange, body));
  }

  private static Receiver withCommit(JdbcInbox inbox) {
    return (connection, exchange, body) ->
        inbox.receiveAndCommit(
            connection,
            exchange.getRequestHeaders()::getFirst,
            body,
            _ -> saveState(connection, exchange, body));
  }

  private static void saveState(Connection connection, HttpExchange exchange, byte[] body)
      throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement(EFFECT)) {
      upsert.setString(1, exchange.getRequestHeaders().getFirst("run"));
      upsert.setString(2, new String(body, UTF_8));
      upsert.executeUpdate();
    }
  }

  /// Sends the requests over connections that are kept open, and returns how many were received per
  /// second.
  private static double receive(Candidate candidate, List<byte[]> requests) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/", exchange -> handle(candidate, exchange));
      server.start();
      long startedAt = System.nanoTime();
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int first = i;
        clients.add(threads.submit(() -> send(server.getAddress(), requests, first)));
      }
      for (Future<?> client : clients) {
        client.get();
      }
      double rate = requests.size() / ((System.nanoTime() - startedAt) / 1e9);
      server.stop(0);
      return rate;
    } catch (IOException | ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void handle(Candidate candidate, HttpExchange exchange) throws IOException {
    try (exchange;
        Connection connection = candidate.database.getConnection()) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      connection.setAutoCommit(false);
      DeliveryResult result = candidate.receiver.receive(connection, exchange, body);
      connection.commit();
      exchange.sendResponseHeaders(result == DeliveryResult.ACCEPTED ? 204 : 500, -1);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /// Sends every [#CLIENTS]th request, each after the response to the one before it.
  private static Void send(InetSocketAddress server, List<byte[]> requests, int first)
      throws IOException {
    byte[] response = new byte[1024];
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      for (int i = first; i < requests.size(); i += CLIENTS) {
        socket.getOutputStream().write(requests.get(i));
        int length = 0;
        while (!new String(response, 0, length, US_ASCII).endsWith("\r\n\r\n")) {
          int read = in.read(response, length, response.length - length);
          if (read < 0) {
            throw new IOException("the receiver closed the connection");
          }
          length += read;
        }
        if (!new String(response, 0, length, US_ASCII).startsWith("HTTP/1.1 204")) {
          throw new IOException("not accepted: " + new String(response, 0, length, US_ASCII));
        }
      }
    }
    return null;
  }

  /// The requests with the next version of each run, then with the one after it, and so on.
  ///
  /// @param versions the latest version of each run; a multiple of [#CLIENTS], so that one client
  ///   sends the requests of a run, in order
  private static List<byte[]> sign(int count, long[] versions) {
    WebhookSigner signer = new WebhookSigner(false);
    SigningKeys keys = SigningKeys.of(Dataset.SECRET);
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String run = "run-" + i % versions.length;
      long version = ++versions[i % versions.length];
      byte[] body = body(run, version).getBytes(UTF_8);
      StringBuilder request = new StringBuilder("POST / HTTP/1.1\r\nHost: localhost\r\n");
      request.append("run: ").append(run).append("\r\nContent-Length: ").append(body.length);
      if (version > 1) {
        request.append("\r\nX-Runhook-Previous-Version: ").append(version - 1);
      }
      String id = UuidCreator.getTimeOrderedEpochPlus1().toString();
      signer
          .signatureHeaders(keys, id, Instant.now(), body)
          .forEach(header ->
              request.append("\r\n").append(header.name()).append(": ").append(header.value()));
      request.append("\r\n\r\n").append(new String(body, US_ASCII));
      requests.add(request.toString().getBytes(US_ASCII));
    }
    return requests;
  }

  /// About as long as the payload of [dev.runhook.bench.micro.EventBenchmark].
  private static String body(String run, long version) {
    return """
    {"account":"acme","state":"PLANNING","stateVersion":%d,"timestamp":1596979684,"run":{"id":"%s","branch":"main",\
    "commit":{"authorLogin":"octocat","authorName":"Octo Cat","hash":"0ee3f1c","message":"%s","timestamp":1596705932,\
    "url":"https://example.com/0ee3f1c"},"createdAt":1596979665,"delta":null,"triggeredBy":null,"type":"TRACKED"},\
    "stack":{"id":"demo","name":"Demo","description":"","labels":[]}}\
    """
        .formatted(version, run, "Update main.tf ".repeat(20));
  }

  private static Table table(List<Candidate> candidates) {
    Candidate baseline = candidates.getFirst();
    Table table =
        new Table(
            List.of(
                "",
                "received/s",
                "ratio to first",
                "CPU µs of PostgreSQL",
                "CPU µs of all",
                "CPU of first / CPU"));
    for (Candidate candidate : candidates) {
      List<Double> ratios = new ArrayList<>();
      List<Double> cpuRatios = new ArrayList<>();
      for (int i = 0; i < candidate.rates.size(); i++) {
        ratios.add(candidate.rates.get(i) / baseline.rates.get(i));
        cpuRatios.add(baseline.totals.get(i) / candidate.totals.get(i));
      }
      table.row(
          List.of(
              candidate.name,
              RoundResult.format(Statistics.median(candidate.rates)),
              RoundResult.format(Statistics.median(ratios)),
              RoundResult.format(Statistics.median(candidate.micros)),
              RoundResult.format(Statistics.median(candidate.totals)),
              RoundResult.format(Statistics.median(cpuRatios))));
    }
    return table;
  }
}
