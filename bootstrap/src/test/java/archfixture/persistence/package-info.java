@NullMarked
package archfixture.persistence;

import org.jspecify.annotations.NullMarked;
