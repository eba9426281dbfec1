package archfixture.application.run;

import java.util.concurrent.CompletableFuture;

/// Breaks `THE_INSIDE_STARTS_NO_THREADS`: without an executor the work goes to a pool of the JDK.
record BorrowsThreads(CompletableFuture<Void> work) {
  static BorrowsThreads running(Runnable work) {
    return new BorrowsThreads(CompletableFuture.runAsync(work));
  }
}
