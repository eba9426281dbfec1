package archfixture.application;

/// A word of the driving ports.
public record Refusal(String sentence) {}
