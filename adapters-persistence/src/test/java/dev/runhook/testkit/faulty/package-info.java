/// Faulty adapters, each with one deliberate fault. They prove that the contracts detect each fault
/// and name the broken requirement. Read [FaultyAdaptersTest] first.
@NullMarked
package dev.runhook.testkit.faulty;

import org.jspecify.annotations.NullMarked;
