/// Tests whether a receiver handles every delivery that Runhook may send, and refuses requests that
/// do not come from it. Start with [Certification].
@NullMarked
package dev.runhook.diagnosis.certification;

import org.jspecify.annotations.NullMarked;
