/// Architecture rules for all modules: what Maven, `module-info` and package-private types cannot
/// enforce. The rules look at class files, poms and jars only. Read [ArchitectureTest] first;
/// [RulesDetectViolationsTest] tests each rule with the violations in `fixture`.
@NullMarked
package dev.runhook.architecture;

import org.jspecify.annotations.NullMarked;
