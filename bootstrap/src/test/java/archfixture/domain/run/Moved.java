package archfixture.domain.run;

/// A fact.
public record Moved(int version) {}
