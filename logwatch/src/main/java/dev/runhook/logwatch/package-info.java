/// What the tests of adapters run under, so that no secret gets into a log. Knows nothing of
/// Runhook but the names of its loggers; no part of what is shipped or published.
@NullMarked
package dev.runhook.logwatch;

import org.jspecify.annotations.NullMarked;
