/// What an operator relies on: backup and restore, the metrics that dashboards and alerts query,
/// and distributed traces. Read [BackupIT] first.
@NullMarked
package dev.runhook.systemtests.operations;

import org.jspecify.annotations.NullMarked;
