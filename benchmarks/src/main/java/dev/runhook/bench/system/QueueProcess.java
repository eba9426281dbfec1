package dev.runhook.bench.system;

import dev.runhook.bench.load.BackpressureWindow;
import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.process.PostgresServer;
import dev.runhook.bench.sink.ReceiptLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/// A process that stores each delivery in a database, and whose workers sign and send it.
final class QueueProcess {
  private static final int CALLERS = 16;
  private static final int CONNECTIONS = 40;

  private QueueProcess() {}

  /// A queue in a database, with its workers. While it is empty, they make hardly any queries,
  /// which would disturb the other systems.
  interface Queue {
    /// Stores a delivery in a transaction of its own.
    void add(int number, String payload);

    /// Pauses or resumes the workers.
    void setDispatching(boolean dispatching);
  }

  /// Starts the workers of a queue.
  interface Factory {
    Queue start(DataSource database, BaselineClient client);
  }

  /// @param arguments those of [BareClientProcess], then the window and the JDBC URL
  static void run(String[] arguments, Factory factory) throws IOException {
    int capacity = Integer.parseInt(arguments[4]);
    BackpressureWindow window =
        new BackpressureWindow(
            ReceiptLog.map(Path.of(arguments[2]), capacity), Integer.parseInt(arguments[5]), 1);
    Timestamps acknowledgements = Timestamps.map(Path.of(arguments[3]), capacity);
    Queue queue =
        factory.start(
            PostgresServer.newPool(arguments[6], CONNECTIONS),
            new BaselineClient(arguments[0], Integer.parseInt(arguments[1])));
    Callers callers = new Callers(Executors.newVirtualThreadPerTaskExecutor(), CALLERS, window);
    CommandLoop.run(
        count ->
            callers.run(
                count,
                number -> {
                  queue.add(number, BaselineClient.payload(number));
                  acknowledgements.set(number, System.nanoTime());
                }),
        queue::setDispatching);
  }
}
