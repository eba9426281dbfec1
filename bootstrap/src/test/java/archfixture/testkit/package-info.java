@NullMarked
package archfixture.testkit;

import org.jspecify.annotations.NullMarked;
