package archfixture.application;

/// A word of the ports, as a driven adapter may know it.
public record Page(int size) {}
