package archfixture.stray;

/// Breaks `EVERY_CLASS_BELONGS_TO_A_PART`.
record Stray() {}
