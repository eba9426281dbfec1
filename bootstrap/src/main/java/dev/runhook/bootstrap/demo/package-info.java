/// A story to watch: a run moves through its states, and a receiver hears of each. Uses Runhook as
/// any client would, by HTTP. Start at [Story].
@NullMarked
package dev.runhook.bootstrap.demo;

import org.jspecify.annotations.NullMarked;
