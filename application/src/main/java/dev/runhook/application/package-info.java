/// The types that all driving ports share: actors, filters, pages, and the reasons for refused
/// requests. Read [Refusal] first.
@NullMarked
package dev.runhook.application;

import org.jspecify.annotations.NullMarked;
