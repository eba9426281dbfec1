@NullMarked
package archfixture.domain.run;

import org.jspecify.annotations.NullMarked;
