/** Everything on one machine, nothing to install. */
@NullMarked
package dev.hfsm.embedded;

import org.jspecify.annotations.NullMarked;
