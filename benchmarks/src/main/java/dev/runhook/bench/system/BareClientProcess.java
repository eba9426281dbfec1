package dev.runhook.bench.system;

import dev.runhook.bench.load.BackpressureWindow;
import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.sink.ReceiptLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The JDK's HTTP client alone, without a database or signatures.
public final class BareClientProcess {
  private static final int IN_FLIGHT = 64;

  private BareClientProcess() {}

  /// Arguments: the URL of the endpoints without their number, the number of endpoints, the files
  /// of receipts and acknowledgements, and the capacity of these files.
  public static void main(String[] arguments) throws IOException {
    int capacity = Integer.parseInt(arguments[4]);
    ReceiptLog receipts = ReceiptLog.map(Path.of(arguments[2]), capacity);
    Timestamps acknowledgements = Timestamps.map(Path.of(arguments[3]), capacity);
    BaselineClient client = new BaselineClient(arguments[0], Integer.parseInt(arguments[1]));
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    Callers callers =
        new Callers(threads, IN_FLIGHT, new BackpressureWindow(receipts, capacity, 1));
    CommandLoop.run(count ->
        callers.run(
            count,
            number -> {
              client.post(number);
              acknowledgements.set(number, System.nanoTime());
            }));
  }
}
