package dev.runhook.bench.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How the launcher starts Java; a test compares both.
public final class JavaFlags {
  private JavaFlags() {}

  /// The launcher's flags, and those of `RUNHOOK_JAVA_OPTS`.
  public static List<String> likeTheLauncher() {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "-XX:+UseG1GC",
                "-Xms24m",
                "-XX:G1HeapRegionSize=1m",
                "-XX:GCTimeRatio=9",
                "-XX:TrimNativeHeapInterval=2000",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    String more = System.getenv().getOrDefault("RUNHOOK_JAVA_OPTS", "");
    Arrays.stream(more.split(" ", -1)).filter(flag -> !flag.isBlank()).forEach(flags::add);
    return flags;
  }
}
