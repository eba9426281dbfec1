package dev.runhook.domain.signing;

/// One HTTP header.
public record Header(String name, String value) {}
