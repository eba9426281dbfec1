package archfixture.application.webhook;

import archfixture.application.delivery.Egg;
import java.util.List;

/// Breaks `PACKAGES_HAVE_NO_CYCLES`, together with [Egg].
public record Hen(List<Egg> eggs) {}
