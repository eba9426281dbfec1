/// The HTTP API: reads requests strictly, asks the driving ports, and answers in JSON or with a
/// problem (RFC 9457). It knows no stores and no sender. Start at [HttpApi]; every route is one
/// line in a class named after its thing, and [Routes] guards them all.
@NullMarked
package dev.runhook.http.server;

import org.jspecify.annotations.NullMarked;
