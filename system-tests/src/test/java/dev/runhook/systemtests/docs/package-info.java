/// The documents of the repository, tested: commands are run, code is compiled and configuration is
/// parsed. Read [DocsTest] first.
@NullMarked
package dev.runhook.systemtests.docs;

import org.jspecify.annotations.NullMarked;
