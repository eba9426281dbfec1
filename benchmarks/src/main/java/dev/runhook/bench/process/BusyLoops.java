package dev.runhook.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

/// Processes that each keep one core busy. They end with this process, even if it is killed.
public record BusyLoops(List<Process> processes) implements AutoCloseable {
  private static final String LOOP =
      "while kill -0 \"$0\"; do i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done; done";

  public BusyLoops {
    processes = List.copyOf(processes);
  }

  public static BusyLoops start(int count) {
    return new BusyLoops(IntStream.range(0, count).mapToObj(_ -> startOne()).toList());
  }

  private static Process startOne() {
    String parent = Long.toString(ProcessHandle.current().pid());
    try {
      return new ProcessBuilder("sh", "-c", LOOP, parent)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
  }
}
