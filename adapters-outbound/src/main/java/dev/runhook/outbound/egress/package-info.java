/// Decides where requests may go: checks of URLs and resolved addresses, a DNS cache with timeouts,
/// and a filter for all lookups of the process. This package depends on the egress policy of the
/// domain only. Start with [EgressCheck].
@NullMarked
package dev.runhook.outbound.egress;

import org.jspecify.annotations.NullMarked;
