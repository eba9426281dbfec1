/// Tests of what is deployed: the files in `deploy/`, `compose.yaml`, and the archive and the image
/// if they were built. Read [DeploymentFilesTest] first.
@NullMarked
package dev.runhook.distribution;

import org.jspecify.annotations.NullMarked;
