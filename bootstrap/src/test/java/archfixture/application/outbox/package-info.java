@NullMarked
package archfixture.application.outbox;

import org.jspecify.annotations.NullMarked;
