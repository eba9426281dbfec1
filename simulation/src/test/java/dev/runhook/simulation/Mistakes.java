package dev.runhook.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Plants mistakes in the sources of the engine, one at a time, and simulates what comes of them.
final class Mistakes {
  private static final String DISPATCH =
      "application/src/main/java/dev/runhook/application/dispatch/";
  private static final String OUTBOX = "application/src/main/java/dev/runhook/application/outbox/";
  private static final String RUN = "application/src/main/java/dev/runhook/application/run/";
  private static final String BATCH = "application/src/main/java/dev/runhook/application/batch/";
  private static final String DOMAIN = "domain/src/main/java/dev/runhook/domain/";

  static final List<Mistake> ALL =
      List.of(
          new Mistake(DISPATCH + "Sender", "slots.takeNext(result.leasedNext());", ""),
          new Mistake(DISPATCH + "Sender", "over.forEach(attempt -> free(attempt.leased()));", ""),
          new Mistake(DISPATCH + "Sender", "submit(result.leasedNext(), leasedAt);", ""),
          new Mistake(
              DISPATCH + "Sender",
              "context.executor().execute(() -> send(delivery, leasedAt));",
              "for (int j = 0; j < 2; j++) context.executor().execute(() -> send(delivery, leasedAt));"),
          new Mistake(DISPATCH + "Dispatcher", "slots.endClaim(request, claim.deliveries());", ""),
          new Mistake(
              DISPATCH + "CompletionTransaction", "completed.unblockedLanes().isEmpty()", "true"),
          new Mistake(
              DISPATCH + "AttemptCompleter",
              "batch.stream().filter(one -> !retried.contains(one)).toList()",
              "batch"),
          new Mistake(DISPATCH + "Slots", "all.held += request.slots();", ""),
          new Mistake(DISPATCH + "Slots", "add(webhook, -limits.slotsFor(bytes));", ""),
          new Mistake(
              DISPATCH + "Slots", "!closed && limits.mayStart", "!closed || limits.mayStart"),
          new Mistake(
              DISPATCH + "RequestFactory", "sentAt, body.bytes()", "sentAt, event.getBytes()"),
          new Mistake(
              DISPATCH + "RequestFactory", "delivery.lease().attempt(), userAgent", "1, userAgent"),
          new Mistake(OUTBOX + "Outbox", "writers.getLast().afterCommit();", ""),
          new Mistake(
              OUTBOX + "DeliveryWriter",
              "freeSlots(delivery -> !submitted.contains(delivery.id()));",
              ""),
          new Mistake(OUTBOX + "DeliveryWriter", "handoff.submit(leased, startedAt);", ""),
          new Mistake(OUTBOX + "DeliveryWriter", "freeSlots(ignored -> true);", ""),
          new Mistake(
              OUTBOX + "DeliveryWriter",
              "for (Webhook webhook : webhooks) {",
              "for (Webhook webhook : webhooks.stream().limit(1).toList()) {"),
          new Mistake(RUN + "TransitionRecorder", "busyRuns.contains(id)", "false"),
          new Mistake(RUN + "TransitionRecorder", "runs.put(run.id(), changed);", ""),
          new Mistake(BATCH + "FairBatcher", "backlog.running--;", ""),
          new Mistake(BATCH + "FairBatcher", "batch.turns.running--;", ""),
          new Mistake(
              DOMAIN + "delivery/RetrySchedule",
              "failuresBefore >= delays.size()",
              "failuresBefore >= 0"),
          new Mistake(
              DOMAIN + "delivery/Outcome",
              "response.isSuccess() ? Code.DELIVERED : Code.REJECTED",
              "Code.DELIVERED"),
          new Mistake(
              DOMAIN + "webhook/RoutingDecision",
              "webhook.health() instanceof Health.Disabled(Instant since, Optional<String> by)",
              "webhook.health() instanceof Health.Disabled(Instant since, Optional<String> by) && by.isEmpty()"));

  private Mistakes() {}

  /// A change of one line.
  ///
  /// @param file without its ending
  /// @param text occurs once
  record Mistake(String file, String text, String replacement) {
    @Override
    public String toString() {
      return Path.of(file).getFileName() + ": \"" + text + "\" -> \"" + replacement + "\"";
    }
  }

  /// How a mistake was found.
  record Finding(int worlds, double seconds, String violation) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%,d worlds, %.1f s of processor time: %s", worlds, seconds, violation);
    }
  }

  /// Runs the worlds of seeds with a mistake until one of them shows it.
  static Optional<Finding> find(Mistake mistake, Path project, double maxSeconds) {
    return find(mistake, project, "simulate", maxSeconds);
  }

  /// Runs small worlds with a mistake in different orders until one of them shows it.
  static Optional<Finding> findInOrders(Mistake mistake, Path project, double maxDifferences) {
    return find(mistake, project, "explore", maxDifferences);
  }

  private static Optional<Finding> find(
      Mistake mistake, Path project, String method, double limit) {
    try {
      Class<?> planted =
          new PlantedLoader(compile(mistake, project)).loadClass(Mistakes.class.getName());
      Method hunt = planted.getDeclaredMethod(method, double.class);
      hunt.setAccessible(true);
      long start = cpuNanos();
      String[] found = ((String) hunt.invoke(null, limit)).split(" ", 2);
      return found.length < 2
          ? Optional.empty()
          : Optional.of(
              new Finding(Integer.parseInt(found[0]), (cpuNanos() - start) / 1e9, found[1]));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(mistake.toString(), e);
    }
  }

  /// Called in the class loader with the mistake. Returns texts, because types differ between class
  /// loaders.
  static String simulate(double maxSeconds) {
    Simulation simulation = Simulation.correct();
    long end = cpuNanos() + (long) (maxSeconds * 1e9);
    for (int seed = 0; cpuNanos() < end; seed++) {
      Optional<Violation> found = simulation.run(seed);
      if (found.isPresent()) {
        return seed + 1 + " " + found.get().getMessage();
      }
    }
    return "";
  }

  /// As [#simulate].
  static String explore(double maxDifferences) {
    Orders orders = new Orders((int) maxDifferences);
    return orders.explore().map(found -> orders.worlds() + " " + found.getMessage()).orElse("");
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static Map<String, byte[]> compile(Mistake mistake, Path project) {
    String source = read(project.resolve(mistake.file() + ".java"));
    int at = source.indexOf(mistake.text());
    if (at < 0 || source.indexOf(mistake.text(), at + 1) >= 0) {
      throw new IllegalStateException("not exactly once: " + mistake);
    }
    String changed = source.replace(mistake.text(), mistake.replacement());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavaFileObject file =
          new SimpleJavaFileObject(
              URI.create("string:///" + Path.of(mistake.file()).getFileName() + ".java"),
              JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
              return changed;
            }
          };
      boolean compiled =
          compiler
              .getTask(
                  null,
                  new Memory(files, classes),
                  null,
                  List.of("-nowarn", "-proc:none", "-cp", System.getProperty("java.class.path")),
                  null,
                  List.of(file))
              .call();
      if (!compiled) {
        throw new IllegalStateException("does not compile: " + mistake);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, byte[]> bytes = new HashMap<>();
    classes.forEach((name, content) -> bytes.put(name, content.toByteArray()));
    return bytes;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    Memory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/')), kind) {
        @Override
        public OutputStream openOutputStream() {
          return classes.computeIfAbsent(name, ignored -> new ByteArrayOutputStream());
        }
      };
    }
  }

  /// Loads all classes of Runhook again, with the changed ones.
  private static final class PlantedLoader extends ClassLoader {
    private final Map<String, byte[]> changed;

    PlantedLoader(Map<String, byte[]> changed) {
      super(Mistakes.class.getClassLoader());
      this.changed = changed;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        if (known != null || !name.startsWith("dev.runhook.")) {
          return known != null ? known : super.loadClass(name, resolve);
        }
        byte[] bytes = changed.containsKey(name) ? changed.get(name) : original(name);
        return defineClass(name, bytes, 0, bytes.length);
      }
    }

    private byte[] original(String name) throws ClassNotFoundException {
      String file = name.replace('.', '/') + ".class";
      try (InputStream content = getParent().getResourceAsStream(file)) {
        if (content == null) {
          throw new ClassNotFoundException(name);
        }
        return content.readAllBytes();
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
