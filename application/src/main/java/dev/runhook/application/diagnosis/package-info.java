/// The diagnosis of signatures for receivers' developers. Read [SignatureDiagnoser] first.
@NullMarked
package dev.runhook.application.diagnosis;

import org.jspecify.annotations.NullMarked;
