@NullMarked
package archfixture.stray;

import org.jspecify.annotations.NullMarked;
