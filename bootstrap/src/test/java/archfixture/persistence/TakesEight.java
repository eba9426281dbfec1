package archfixture.persistence;

/// Breaks `CONSTRUCTORS_HAVE_AT_MOST_SEVEN_PARAMETERS`.
final class TakesEight {
  final long sum;

  TakesEight(int a, int b, int c, int d, int e, int f, int g, int h) {
    this.sum = (long) a + b + c + d + e + f + g + h;
  }
}
