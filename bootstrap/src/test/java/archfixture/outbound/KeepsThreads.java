package archfixture.outbound;

/// Breaks `ADAPTERS_END_THEIR_THREADS`: nobody can end what it starts.
final class KeepsThreads {
  void begin(Runnable work) {
    Thread.ofPlatform().start(work);
  }
}
