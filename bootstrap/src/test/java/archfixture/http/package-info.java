@NullMarked
package archfixture.http;

import org.jspecify.annotations.NullMarked;
