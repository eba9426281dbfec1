/// Which events a webhook gets, and which stacks an account webhook is for: filters by state, type,
/// branch and label, and selectors. This package depends on runs and events. Read [Subscription]
/// first.
@NullMarked
package dev.runhook.domain.filter;

import org.jspecify.annotations.NullMarked;
