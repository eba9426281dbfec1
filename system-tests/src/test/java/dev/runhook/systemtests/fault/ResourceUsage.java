package dev.runhook.systemtests.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The resources that a JVM uses, measured from outside.
///
/// @param fileDescriptors the number of open file descriptors
/// @param liveBytes the size of all live objects, after a garbage collection
record ResourceUsage(long fileDescriptors, long threads, long liveBytes) {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  static boolean isAvailable() {
    return Files.isDirectory(Path.of("/proc/self/fd"));
  }

  static ResourceUsage of(long pid) throws IOException {
    return new ResourceUsage(entries(pid, "fd"), entries(pid, "task"), liveBytes(pid));
  }

  @Override
  public String toString() {
    return "%d descriptors, %d threads, %d MB of live objects"
        .formatted(fileDescriptors, threads, liveBytes / 1024 / 1024);
  }

  private static long entries(long pid, String folder) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), folder))) {
      return files.count();
    }
  }

  private static long liveBytes(long pid) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = TOTAL.matcher(output);
    if (!total.find()) {
      throw new IOException("the output of jcmd has no total: " + output);
    }
    return Long.parseLong(total.group(1));
  }
}
