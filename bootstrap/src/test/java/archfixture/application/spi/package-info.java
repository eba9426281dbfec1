@NullMarked
package archfixture.application.spi;

import org.jspecify.annotations.NullMarked;
