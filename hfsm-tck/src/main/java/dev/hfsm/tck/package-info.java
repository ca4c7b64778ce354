/** Contract suites: extend one class per adapter, and know that the adapter keeps its promises. */
@NullMarked
package dev.hfsm.tck;

import org.jspecify.annotations.NullMarked;
