package archfixture.domain.run;

import archfixture.application.spi.Store;

/// Breaks `THE_DOMAIN_IS_PURE`.
record KnowsThePorts(Store store) {}
