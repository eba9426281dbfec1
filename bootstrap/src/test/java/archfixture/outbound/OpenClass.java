package archfixture.outbound;

/// Breaks `IMPLEMENTATIONS_ARE_FINAL`.
class OpenClass {}
