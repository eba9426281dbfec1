/// What a signature that does not verify was made of: known mistakes are made again, alone and in
/// pairs, until one gives the very signature. Knows signing and payloads. Start at [Examination].
@NullMarked
package dev.runhook.domain.diagnosis;

import org.jspecify.annotations.NullMarked;
