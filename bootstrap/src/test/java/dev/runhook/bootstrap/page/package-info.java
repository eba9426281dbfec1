/// The web page in a real browser, on the real server. Start at [PageIT].
@NullMarked
package dev.runhook.bootstrap.page;

import org.jspecify.annotations.NullMarked;
