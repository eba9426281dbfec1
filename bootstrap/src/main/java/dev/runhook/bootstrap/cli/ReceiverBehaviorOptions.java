package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.receiver.DeliveryResponse;
import dev.runhook.bootstrap.receiver.ForwardingBehavior;
import dev.runhook.bootstrap.receiver.ReceivedDelivery;
import dev.runhook.bootstrap.receiver.ReceiverBehavior;
import dev.runhook.bootstrap.setting.Durations;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options for the behavior of a receiver.
final class ReceiverBehaviorOptions {
  private static final int MIN_FAILURE_STATUS = 300;
  private static final int MAX_STATUS = 599;

  @Option(
      names = "--forward-to",
      paramLabel = "URL",
      description = "Forwards each delivery unchanged, and returns the response.")
  private @Nullable String forwardTo;

  @Option(
      names = "--fail",
      paramLabel = "STATUS",
      description = "Responds with this status, 300 to 599.")
  private @Nullable Integer fail;

  @Option(
      names = "--times",
      paramLabel = "N",
      description = "With --fail: only for the first N requests.")
  private @Nullable Integer times;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description = "Waits before each response, for example 2s or 500ms.")
  private @Nullable String delay;

  /// @param listener called with each delivery and its response, before the delay
  ReceiverBehavior behavior(
      CliCommand command, BiConsumer<ReceivedDelivery, DeliveryResponse> listener) {
    if (times != null && fail == null) {
      throw command.usageError("--times requires --fail");
    }
    if (times != null && times < 1) {
      throw command.usageError("--times must be 1 or more, not " + times);
    }
    ReceiverBehavior behavior =
        forwardTo == null
            ? ReceiverBehavior.verifying()
            : command.parse(
                "--forward-to ", () -> ForwardingBehavior.forwardingTo(String.valueOf(forwardTo)));
    if (fail != null) {
      if (fail < MIN_FAILURE_STATUS || fail > MAX_STATUS) {
        throw command.usageError("--fail must be 300 to 599, not " + fail);
      }
      behavior = behavior.failingFirst(times == null ? Integer.MAX_VALUE : times, fail);
    }
    behavior = behavior.notifying(listener);
    return delay == null
        ? behavior
        : behavior.delayed(command.parse("--delay ", () -> Durations.parse(String.valueOf(delay))));
  }
}
