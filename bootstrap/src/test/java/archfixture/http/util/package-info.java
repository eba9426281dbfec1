@NullMarked
package archfixture.http.util;

import org.jspecify.annotations.NullMarked;
