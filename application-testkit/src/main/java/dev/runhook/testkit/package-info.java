/// What tests of Runhook and of its hosts are made with: stores in memory, a transport that answers
/// by script, a clock moved by hand. Knows the domain and the application; nothing shipped may know
/// it. Start at [InMemoryTransactor].
@NullMarked
package dev.runhook.testkit;

import org.jspecify.annotations.NullMarked;
