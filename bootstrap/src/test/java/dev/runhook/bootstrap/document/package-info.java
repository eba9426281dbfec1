/// The documents of the repository, tested: what they tell people to type or to write is run,
/// compiled or parsed. Knows Markdown as we write it. Start at [DocsTest].
@NullMarked
package dev.runhook.bootstrap.document;

import org.jspecify.annotations.NullMarked;
