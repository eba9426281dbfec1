package archfixture.domain.unmarked;

/// Breaks `EVERY_PACKAGE_IS_NULL_MARKED`.
record Unmarked(String text) {}
