/// Adapters that are wrong on purpose, each in one thing, to see that the contracts find them and
/// say what is wrong. Start at [WrongAdaptersTest].
@NullMarked
package dev.runhook.testkit.faulty;

import org.jspecify.annotations.NullMarked;
