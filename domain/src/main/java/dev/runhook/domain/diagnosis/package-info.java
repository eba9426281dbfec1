/// The diagnosis of signatures that do not verify: known mistakes are repeated, alone and in pairs,
/// until one leads to the given signature. This package depends on signing and payloads. Read
/// [Diagnosis] first.
@NullMarked
package dev.runhook.domain.diagnosis;

import org.jspecify.annotations.NullMarked;
