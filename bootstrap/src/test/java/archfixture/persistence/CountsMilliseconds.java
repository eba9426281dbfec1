package archfixture.persistence;

/// Breaks `TIME_AND_IDS_COME_FROM_OUTSIDE`.
record CountsMilliseconds(long begin) {
  static CountsMilliseconds start() {
    return new CountsMilliseconds(System.currentTimeMillis());
  }
}
