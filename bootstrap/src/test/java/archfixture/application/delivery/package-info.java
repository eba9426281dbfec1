@NullMarked
package archfixture.application.delivery;

import org.jspecify.annotations.NullMarked;
