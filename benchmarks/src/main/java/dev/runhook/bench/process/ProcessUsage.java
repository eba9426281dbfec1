package dev.runhook.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The resources that a process has used so far, according to `/proc`.
///
/// @param cpuSeconds the CPU time of all threads, in user and kernel mode
/// @param peakBytes the peak resident set size
public record ProcessUsage(double cpuSeconds, long peakBytes) {
  private static final double TICKS_PER_SECOND =
      100; // USER_HZ, the same on all supported platforms

  /// Returns the usage of one process.
  public static ProcessUsage of(long pid) {
    return new ProcessUsage(ticks(pid) / TICKS_PER_SECOND, peak(pid));
  }

  /// Returns the usage of a process and its children, including children that have ended, such as
  /// those of PostgreSQL. Shared memory is counted once.
  public static ProcessUsage ofProcessTree(long pid) {
    double ticks = ticks(pid) + ticksOfEndedChildren(pid);
    long peak = peak(pid);
    for (long child : children(pid)) {
      ticks += ticks(child);
      peak += anonymousBytes(child);
    }
    return new ProcessUsage(ticks / TICKS_PER_SECOND, peak);
  }

  /// Resets the peak memory of a process to its current memory.
  public static void resetPeak(long pid) {
    try {
      Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), "5");
    } catch (IOException _) {
      // without a reset, the peak covers the whole lifetime of the process
    }
  }

  /// Returns the CPU time used since the earlier usage, with the current peak.
  public ProcessUsage since(ProcessUsage before) {
    return new ProcessUsage(cpuSeconds - before.cpuSeconds, peakBytes);
  }

  private static double ticks(long pid) {
    List<String> fields = stat(pid);
    return fields.isEmpty()
        ? 0
        : Double.parseDouble(fields.get(11)) + Double.parseDouble(fields.get(12));
  }

  private static double ticksOfEndedChildren(long pid) {
    List<String> fields = stat(pid);
    return fields.isEmpty()
        ? 0
        : Double.parseDouble(fields.get(13)) + Double.parseDouble(fields.get(14));
  }

  /// Returns the fields after the command name, which may contain spaces; empty if the process has
  /// ended.
  private static List<String> stat(long pid) {
    try {
      String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return List.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
    } catch (IOException _) {
      return List.of();
    }
  }

  private static List<Long> children(long pid) {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.isEmpty() && Character.isDigit(name.charAt(0)))
          .map(Long::parseLong)
          .filter(id -> isChild(id, pid))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read /proc; the benchmarks run on Linux only", e);
    }
  }

  private static boolean isChild(long pid, long parent) {
    List<String> fields = stat(pid);
    return !fields.isEmpty() && Long.parseLong(fields.get(1)) == parent;
  }

  private static long peak(long pid) {
    return kilobytes(pid, "VmHWM:") * 1024;
  }

  private static long anonymousBytes(long pid) {
    return kilobytes(pid, "RssAnon:") * 1024;
  }

  /// Returns the current resident set size.
  public static long residentBytes(long pid) {
    return kilobytes(pid, "VmRSS:") * 1024;
  }

  private static long kilobytes(long pid, String field) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException _) {
      return 0;
    }
  }
}
