/**
 * Where to look: the {@link dev.hfsm.queue.WorkQueue} contract. A queue holds hints, never truth.
 */
@NullMarked
package dev.hfsm.queue;

import org.jspecify.annotations.NullMarked;
