package archfixture.application.delivery;

import archfixture.application.webhook.Hen;

/// Breaks `PACKAGES_HAVE_NO_CYCLES`, together with [Hen].
public record Egg(Hen from) {}
