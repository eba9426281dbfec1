/// The rules of the house, applied to all modules: what Maven and package-private types cannot
/// forbid. Knows class files and source files, not what they do. Start at [ArchitectureTest];
/// [RulesHaveTeethTest] proves each rule on code that breaks it.
@NullMarked
package dev.runhook.bootstrap.architecture;

import org.jspecify.annotations.NullMarked;
