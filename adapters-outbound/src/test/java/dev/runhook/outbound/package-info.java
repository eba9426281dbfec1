/// Tests of the outbound adapter, all on loopback. The hostile receivers are in [HostileReceiver].
@NullMarked
package dev.runhook.outbound;

import org.jspecify.annotations.NullMarked;
