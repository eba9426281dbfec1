package dev.runhook.bench.system;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// [db-scheduler](https://github.com/kagkarlsson/db-scheduler) with one task for each delivery, in
/// the configuration that its documentation measures for processes with two cores: the strategy
/// lock-and-fetch, 20 threads, between 4 and 20 executions fetched for each thread. A new delivery
/// triggers a fetch.
public final class DbSchedulerProcess {
  private static final int THREADS = 20;
  private static final double REFILL_BELOW = 4;
  private static final double FETCH_UP_TO = 20;
  private static final TaskDescriptor<String> DELIVERY =
      TaskDescriptor.of("delivery", String.class);

  /// The table and the indexes for PostgreSQL from its documentation.
  static final String TABLES =
      """
      create table scheduled_tasks (
        task_name text not null,
        task_instance text not null,
        task_data bytea,
        execution_time timestamp with time zone not null,
        picked boolean not null,
        picked_by text,
        last_success timestamp with time zone,
        last_failure timestamp with time zone,
        consecutive_failures int,
        last_heartbeat timestamp with time zone,
        version bigint not null,
        priority smallint,
        primary key (task_name, task_instance)
      );
      create index execution_time_idx on scheduled_tasks (execution_time);
      create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
      create index priority_execution_time_idx on scheduled_tasks (priority desc, execution_time asc);
      """;

  private DbSchedulerProcess() {}

  /// Arguments: those of [QueueProcess].
  public static void main(String[] arguments) throws IOException {
    QueueProcess.run(
        arguments,
        (database, client) -> {
          Scheduler scheduler =
              Scheduler.create(
                      database,
                      Tasks.oneTime(DELIVERY)
                          .execute((delivery, _) ->
                              client.postSigned(
                                  Integer.parseInt(delivery.getId()), delivery.getData())))
                  .threads(THREADS)
                  .pollUsingLockAndFetch(REFILL_BELOW, FETCH_UP_TO)
                  .enableImmediateExecution()
                  .build();
          scheduler.start();
          return new SchedulerQueue(scheduler);
        });
  }

  private record SchedulerQueue(Scheduler scheduler) implements QueueProcess.Queue {
    /// Uses a batch of one, because adding a single task first looks for another with the same id.
    @Override
    public void add(int number, String payload) {
      scheduler.scheduleBatch(
          List.of(DELIVERY.instance(Integer.toString(number)).data(payload).build()),
          Instant.now());
    }

    @Override
    public void setDispatching(boolean dispatching) {
      if (dispatching) {
        scheduler.resume();
        scheduler.triggerCheckForDueExecutions();
      } else {
        scheduler.pause();
      }
    }
  }
}
