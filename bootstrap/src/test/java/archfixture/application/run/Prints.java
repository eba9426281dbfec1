package archfixture.application.run;

/// Breaks `THE_INSIDE_DOES_NOT_PRINT`.
record Prints(String text) {
  void print() {
    System.out.println(text);
  }
}
