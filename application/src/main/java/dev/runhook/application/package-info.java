/// The few words that all driving ports share: pages, and the refusals of well-meant requests.
/// Start at [Refusal].
@NullMarked
package dev.runhook.application;

import org.jspecify.annotations.NullMarked;
