package archfixture.domain.run;

/// Breaks `THE_INSIDE_TAKES_NO_CHANCE_AND_NO_TICKS`.
record StopsTime(long begin) {
  static StopsTime start() {
    return new StopsTime(System.nanoTime());
  }
}
