/// For a receiver's developer: why does a signature not verify? Start at [SignatureDoctor].
@NullMarked
package dev.runhook.application.diagnosis;

import org.jspecify.annotations.NullMarked;
