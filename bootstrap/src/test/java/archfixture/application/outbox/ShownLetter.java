package archfixture.application.outbox;

/// Breaks `THE_OUTBOX_AND_BATCHES_SHOW_INTERFACES_ALONE`.
public record ShownLetter(String text) {}
