/// What is measured, and what it is measured against. Each takes the same work. Start at [Subject].
@NullMarked
package dev.runhook.bench.system;

import org.jspecify.annotations.NullMarked;
