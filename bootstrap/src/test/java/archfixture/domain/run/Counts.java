package archfixture.domain.run;

/// Breaks `STATE_DOES_NOT_CHANGE_IN_PLACE`.
final class Counts {
  private int last;

  int next() {
    return ++last;
  }
}
