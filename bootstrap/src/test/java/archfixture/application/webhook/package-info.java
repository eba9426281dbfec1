@NullMarked
package archfixture.application.webhook;

import org.jspecify.annotations.NullMarked;
