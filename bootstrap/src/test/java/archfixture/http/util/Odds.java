package archfixture.http.util;

import archfixture.application.Page;

/// Breaks `PACKAGES_ARE_CONCEPTS`.
record Odds(Page page) {}
