/// A small house of its own that breaks each rule of ours at least once, and does some things
/// right. No production class: it is never seen by the rules' run over our code.
@NullMarked
package archfixture;

import org.jspecify.annotations.NullMarked;
