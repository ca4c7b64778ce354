/** A work queue on Redis: where to look, over all nodes. */
@NullMarked
package dev.hfsm.redis;

import org.jspecify.annotations.NullMarked;
