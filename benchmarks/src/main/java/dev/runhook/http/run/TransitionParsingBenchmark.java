package dev.runhook.http.run;

import dev.runhook.bench.load.Dataset;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.http.json.JsonBodyReader;
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

/// Parses a reported transition from the bytes of a request, alone and as one item of a batch. It
/// is in this package because the parser is package-private.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TransitionParsingBenchmark {
  private static final int ITEMS = 100;

  private final Dataset dataset = new Dataset(10, 100, 1);
  private final byte[] single = dataset.requestBody(17).getBytes(StandardCharsets.UTF_8);
  private final byte[] array =
      IntStream.range(0, ITEMS)
          .mapToObj(dataset::arrayItem)
          .collect(Collectors.joining(",", "[", "]"))
          .getBytes(StandardCharsets.UTF_8);

  @Benchmark
  public TransitionReport parseOne() {
    return JsonBodyReader.readObject(
        single, transition -> RunRequestParser.parseTransition(transition, dataset.run(0)));
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public List<TransitionReport> parseOneOfMany() {
    return JsonBodyReader.readItems(array, ITEMS).stream()
        .map(item ->
            item.decode(
                transition -> RunRequestParser.parseBatchItem(transition, _ -> dataset.stack(0))))
        .toList();
  }
}
