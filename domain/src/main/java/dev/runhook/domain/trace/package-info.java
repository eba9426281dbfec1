/// The trace that a reported transition belongs to, as defined by W3C Trace Context. This package
/// depends on no other package of the domain. Read [TraceContext] first.
@NullMarked
package dev.runhook.domain.trace;

import org.jspecify.annotations.NullMarked;
