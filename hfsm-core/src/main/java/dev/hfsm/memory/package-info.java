/** Adapters that keep everything in memory: for tests, and as the reference of each contract. */
@NullMarked
package dev.hfsm.memory;

import org.jspecify.annotations.NullMarked;
