/// The types that all driving ports share: who acts, filters and pages, and the reasons for refused
/// requests. Read [Refusal] first.
@NullMarked
package dev.runhook.application;

import org.jspecify.annotations.NullMarked;
