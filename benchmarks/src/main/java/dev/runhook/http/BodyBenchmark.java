package dev.runhook.http;

import dev.runhook.bench.work.World;
import dev.runhook.domain.run.Report;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Reading a reported transition, from bytes to what the application takes, alone and as one of a
/// hundred. It stands in the package of what it measures, which nobody else is to see.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BodyBenchmark {
  private static final int ITEMS = 100;

  private final World world = new World(10, 100, 1);
  private final byte[] single = world.body(17).getBytes(StandardCharsets.UTF_8);
  private final byte[] array =
      IntStream.range(0, ITEMS)
          .mapToObj(world::item)
          .collect(Collectors.joining(",", "[", "]"))
          .getBytes(StandardCharsets.UTF_8);

  @Benchmark
  public Report parseOne() {
    Place root = Place.root();
    return Form.object(fields -> Reports.report(fields, world.run(0)))
        .read(Bodies.object(single, root), root)
        .orElseThrow();
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public List<Report> parseOneOfMany() {
    return Bodies.items(array, ITEMS).stream()
        .map(item -> item.read(fields -> Reports.item(fields, _ -> world.stack(0))))
        .toList();
  }
}
