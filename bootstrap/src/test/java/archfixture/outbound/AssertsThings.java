package archfixture.outbound;

import org.assertj.core.api.AbstractAssert;

/// Breaks `NOTHING_SHIPPED_SEES_THE_TESTKIT`: what the kit stands on is as bad.
record AssertsThings(AbstractAssert<?, ?> claim) {}
