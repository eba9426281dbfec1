package archfixture.http;

import archfixture.application.spi.Store;

/// Breaks `HTTP_SEES_ONLY_DRIVING_PORTS`.
record SeesTheSpi(Store store) {}
