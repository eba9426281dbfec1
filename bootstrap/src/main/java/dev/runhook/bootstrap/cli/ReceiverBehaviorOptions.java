package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.receiver.DeliveryResponse;
import dev.runhook.bootstrap.receiver.ForwardingBehavior;
import dev.runhook.bootstrap.receiver.ReceivedDelivery;
import dev.runhook.bootstrap.receiver.ReceiverBehavior;
import dev.runhook.bootstrap.setting.Durations;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// How a receiver that people play with treats deliveries.
final class ReceiverBehaviorOptions {
  private static final int SMALLEST_FAILURE = 300;
  private static final int LARGEST_STATUS = 599;

  @Option(
      names = "--forward-to",
      paramLabel = "URL",
      description = "Passes each delivery on, and answers what that URL answers.")
  private @Nullable String forwardTo;

  @Option(
      names = "--fail",
      paramLabel = "STATUS",
      description = "Answers each request with this status, 300 to 599.")
  private @Nullable Integer fail;

  @Option(
      names = "--times",
      paramLabel = "N",
      description = "With --fail: fails the first N requests only.")
  private @Nullable Integer times;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description = "Waits before each answer, for example 2s or 500ms.")
  private @Nullable String delay;

  /// @param told is told of each delivery and its answer before the delay
  ReceiverBehavior behavior(CommandSpec spec, BiConsumer<ReceivedDelivery, DeliveryResponse> told) {
    if (times != null && fail == null) {
      throw wrong(spec, "--times says how often to --fail; give both");
    }
    if (times != null && times < 1) {
      throw wrong(spec, "--times is 1 or more, not " + times);
    }
    ReceiverBehavior behavior =
        forwardTo == null
            ? ReceiverBehavior.verifying()
            : parsed(
                spec,
                "--forward-to ",
                () -> ForwardingBehavior.forwardingTo(String.valueOf(forwardTo)));
    if (fail != null) {
      if (fail < SMALLEST_FAILURE || fail > LARGEST_STATUS) {
        throw wrong(spec, "--fail is 300 to 599, not " + fail);
      }
      behavior = behavior.failingFirst(times == null ? Integer.MAX_VALUE : times, fail);
    }
    behavior = behavior.notifying(told);
    return delay == null
        ? behavior
        : behavior.delayed(parsed(spec, "--delay ", () -> Durations.parse(String.valueOf(delay))));
  }

  private static <T> T parsed(CommandSpec spec, String option, Supplier<T> parsing) {
    try {
      return parsing.get();
    } catch (IllegalArgumentException e) {
      throw wrong(spec, option + e.getMessage());
    }
  }

  private static ParameterException wrong(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
