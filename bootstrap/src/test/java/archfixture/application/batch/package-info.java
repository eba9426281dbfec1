@NullMarked
package archfixture.application.batch;

import org.jspecify.annotations.NullMarked;
