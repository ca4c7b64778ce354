/** Adapters that keep everything in the heap: for tests, for development, as a reference. */
@NullMarked
package dev.hfsm.memory;

import org.jspecify.annotations.NullMarked;
