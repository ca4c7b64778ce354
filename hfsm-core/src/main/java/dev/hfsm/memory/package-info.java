/** Adapters that keep everything in this process, for tests and for trying things out. */
@NullMarked
package dev.hfsm.memory;

import org.jspecify.annotations.NullMarked;
