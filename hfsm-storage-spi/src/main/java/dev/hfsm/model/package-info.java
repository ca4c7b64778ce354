/** Identities, states and facts: immutable values that every contract speaks in. */
@NullMarked
package dev.hfsm.model;

import org.jspecify.annotations.NullMarked;
