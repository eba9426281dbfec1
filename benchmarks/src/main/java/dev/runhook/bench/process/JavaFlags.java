package dev.runhook.bench.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How the launcher starts Java; a test compares both.
public final class JavaFlags {
  private JavaFlags() {}

  /// The launcher's flags, and those of `RUNHOOK_JAVA_OPTS`.
  public static List<String> ofLauncher() {
    return withOptions(System.getenv().getOrDefault("RUNHOOK_JAVA_OPTS", ""));
  }

  /// The launcher's flags, and after them these; a collector among these is taken for the
  /// launcher's.
  static List<String> withOptions(String options) {
    List<String> more =
        Arrays.stream(options.split(" ", -1)).filter(flag -> !flag.isBlank()).toList();
    List<String> flags = new ArrayList<>();
    if (more.stream().noneMatch(flag -> flag.matches("-XX:\\+Use.*GC"))) {
      flags.add("-XX:+UseG1GC");
    }
    flags.addAll(
        List.of(
            "-Xms24m",
            "-XX:G1HeapRegionSize=1m",
            "-XX:GCTimeRatio=9",
            "-XX:TrimNativeHeapInterval=2000",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    flags.addAll(more);
    return flags;
  }
}
