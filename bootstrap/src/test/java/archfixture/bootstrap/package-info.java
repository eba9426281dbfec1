@NullMarked
package archfixture.bootstrap;

import org.jspecify.annotations.NullMarked;
