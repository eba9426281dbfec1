@NullMarked
package archfixture.outbound;

import org.jspecify.annotations.NullMarked;
