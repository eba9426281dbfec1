package archfixture.http;

import archfixture.application.Page;

/// Breaks `NAMES_SAY_SOMETHING`.
record PageManager(Page page) {}
