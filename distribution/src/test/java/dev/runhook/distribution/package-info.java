/// Checks of what is deployed: the files in `deploy/` and `compose.yaml` against the models of
/// those who read them, and the archive and the image, where they were built.
@NullMarked
package dev.runhook.distribution;

import org.jspecify.annotations.NullMarked;
