package dev.runhook.bench.report;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Describes the machine and its load, without which the figures mean nothing.
public final class MachineInfo {
  private MachineInfo() {}

  /// @param folder a folder on the disk of the database
  public static Map<String, String> facts(Path folder) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("cpus", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("cpu", line("/proc/cpuinfo", "model name"));
    facts.put("memory", line("/proc/meminfo", "MemTotal"));
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("java", System.getProperty("java.vm.version"));
    facts.put("disk", disk(folder));
    facts.put("load before", loadAverage());
    return facts;
  }

  /// Returns the load average of the last 1, 5 and 15 minutes.
  public static String loadAverage() {
    try {
      String[] fields = Files.readString(Path.of("/proc/loadavg")).split(" ", -1);
      return String.join(" ", fields[0], fields[1], fields[2]);
    } catch (IOException _) {
      return "unknown";
    }
  }

  /// Returns the CPU times since the start of the machine, the first line of `/proc/stat`.
  public static String cpuTimes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
      return lines.findFirst().orElse("cpu");
    } catch (IOException _) {
      return "cpu";
    }
  }

  private static String disk(Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      return String.format(Locale.ROOT, "%s (%s)", store.name(), store.type());
    } catch (IOException _) {
      return "unknown";
    }
  }

  private static String line(String file, String field) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(field))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException _) {
      return "unknown";
    }
  }
}
