/// Contracts of all ports, as tests. The test of an adapter implements the interfaces of its ports
/// and provides only the adapter. A failure names the broken requirement as a sentence. All tests
/// share one store, so each uses its own account. They cannot set the clock of the store, so they
/// use durations of zero or of an hour. Read [StoresContract] first.
@NullMarked
package dev.runhook.testkit.contract;

import org.jspecify.annotations.NullMarked;
