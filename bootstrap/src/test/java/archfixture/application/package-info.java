@NullMarked
package archfixture.application;

import org.jspecify.annotations.NullMarked;
