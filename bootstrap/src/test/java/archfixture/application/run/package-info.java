@NullMarked
package archfixture.application.run;

import org.jspecify.annotations.NullMarked;
