/// Decides where requests may go: the check of a request's addresses before it connects, a DNS
/// cache with timeouts, host names that are pinned to a checked address, and a filter for all
/// lookups of the process. This package depends on the egress policy of the domain only. Start with
/// [PreConnectAddressCheck].
@NullMarked
package dev.runhook.outbound.egress;

import org.jspecify.annotations.NullMarked;
