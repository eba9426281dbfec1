package dev.runhook.bench.system;

import com.gruelbox.transactionoutbox.DefaultPersistor;
import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/// [transaction-outbox](https://github.com/gruelbox/transaction-outbox), which submits each
/// delivery to an executor right after the commit. Its recommended loop flushes the deliveries that
/// were not submitted, in batches of its default size. Its default executor has one thread on two
/// cores; this one has as many as that of [DbSchedulerProcess].
public final class TransactionOutboxProcess implements QueueProcess.Queue {
  private static final int THREADS = 20;
  private static final Duration FLUSH_INTERVAL = Duration.ofMinutes(1);

  /// Its default. Deliveries that were not submitted are due after this time.
  private static final Duration ATTEMPT_FREQUENCY = Duration.ofMinutes(2);

  private final TransactionManager transactions;
  private final TransactionOutbox outbox;
  private final Semaphore flushes = new Semaphore(0);
  private volatile boolean dispatching = true;

  private TransactionOutboxProcess(DataSource database, BaselineClient client) {
    Executor threads = Executors.newFixedThreadPool(THREADS);
    transactions = TransactionManager.fromDataSource(database);
    outbox =
        TransactionOutbox.builder()
            .transactionManager(transactions)
            .persistor(DefaultPersistor.builder().dialect(Dialect.POSTGRESQL_9).build())
            .instantiator(Instantiator.using(_ -> new ClientReceiver(client)))
            .attemptFrequency(ATTEMPT_FREQUENCY)
            .submitter((entry, process) -> {
              if (dispatching) {
                threads.execute(() -> process.accept(entry));
              }
            })
            .clockProvider(this::clock)
            .build();
  }

  /// The calls that the outbox stores. It invokes a method that the class itself declares.
  public interface Receiver {
    void deliver(int number, String payload);
  }

  /// Delivers with the HTTP client.
  public record ClientReceiver(BaselineClient client) implements Receiver {
    @Override
    public void deliver(int number, String payload) {
      client.postSigned(number, payload);
    }
  }

  /// Arguments: those of [QueueProcess].
  public static void main(String[] arguments) throws IOException {
    QueueProcess.run(
        arguments,
        (database, client) -> {
          TransactionOutboxProcess process = new TransactionOutboxProcess(database, client);
          Thread.ofPlatform().daemon().name("flush").start(process::flush);
          return process;
        });
  }

  @Override
  public void add(int number, String payload) {
    transactions.inTransaction(() -> outbox.schedule(Receiver.class).deliver(number, payload));
  }

  @Override
  public void setDispatching(boolean dispatching) {
    this.dispatching = dispatching;
    flushes.release();
  }

  /// A backlog is recorded in the past, so that it is due when the workers resume.
  private Clock clock() {
    Duration offset = dispatching ? Duration.ZERO : ATTEMPT_FREQUENCY.negated();
    return Clock.offset(Clock.systemUTC(), offset);
  }

  private void flush() {
    try {
      while (true) {
        while (dispatching && outbox.flush()) {
          // until there is nothing left
        }
        flushes.tryAcquire(FLUSH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
