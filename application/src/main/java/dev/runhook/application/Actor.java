package dev.runhook.application;

/// The person or system in whose name something is done, as it is told to others: the name of a
/// token, say.
public record Actor(String name) {}
