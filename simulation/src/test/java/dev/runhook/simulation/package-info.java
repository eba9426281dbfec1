/// The whole engine in a simulated world, from one seed. Read [World] first, then [Threads].
@NullMarked
package dev.runhook.simulation;

import org.jspecify.annotations.NullMarked;
