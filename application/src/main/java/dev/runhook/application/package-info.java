/// The words that all driving ports share: who acts, what is asked for and in which pages, and the
/// refusals of well-meant requests. Start at [Refusal].
@NullMarked
package dev.runhook.application;

import org.jspecify.annotations.NullMarked;
