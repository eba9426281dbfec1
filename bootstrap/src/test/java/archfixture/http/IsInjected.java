package archfixture.http;

import archfixture.application.Page;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/// Breaks `NO_FIELD_IS_INJECTED`.
final class IsInjected {
  @Inject @Nullable Page page;
}
