@NullMarked
package archfixture.bootstrap.demo;

import org.jspecify.annotations.NullMarked;
