package dev.runhook.bench.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The flags with which the launcher starts Java. A test compares them with the launcher.
public final class JavaFlags {
  private JavaFlags() {}

  /// Returns the launcher's flags, followed by those in `RUNHOOK_JAVA_OPTS`.
  public static List<String> ofLauncher() {
    return withOptions(System.getenv().getOrDefault("RUNHOOK_JAVA_OPTS", ""));
  }

  /// Returns the launcher's flags, followed by the options. A garbage collector in the options
  /// replaces that of the launcher.
  static List<String> withOptions(String options) {
    List<String> added =
        Arrays.stream(options.split(" ", -1)).filter(flag -> !flag.isBlank()).toList();
    List<String> flags = new ArrayList<>();
    if (added.stream().noneMatch(flag -> flag.matches("-XX:\\+Use.*GC"))) {
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
    flags.addAll(added);
    return flags;
  }
}
