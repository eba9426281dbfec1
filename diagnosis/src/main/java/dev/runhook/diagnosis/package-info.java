/// The diagnosis of signatures that do not verify: known mistakes are tried, alone and in pairs,
/// until the result is the given signature. This package depends on signing and payloads. Read
/// [Diagnosis] first.
@NullMarked
package dev.runhook.diagnosis;

import org.jspecify.annotations.NullMarked;
