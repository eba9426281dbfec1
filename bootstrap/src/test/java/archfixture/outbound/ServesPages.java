package archfixture.outbound;

import io.javalin.Javalin;

/// Breaks `JAVALIN_LIVES_IN_HTTP`.
record ServesPages(Javalin server) {}
