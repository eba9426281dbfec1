package archfixture.application.run;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Breaks `THE_INSIDE_STARTS_NO_THREADS`.
record HiresThreads(ExecutorService pool) {
  static HiresThreads many() {
    return new HiresThreads(Executors.newVirtualThreadPerTaskExecutor());
  }
}
