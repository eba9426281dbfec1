/// The receiver that all is sent to, as cheap as Java can make one, in a process of its own. It
/// counts and remembers; it checks no signatures. Start at [Sink].
@NullMarked
package dev.runhook.bench.sink;

import org.jspecify.annotations.NullMarked;
