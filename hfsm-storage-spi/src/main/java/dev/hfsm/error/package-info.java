/** What can go wrong: one sealed family of unchecked exceptions. */
@NullMarked
package dev.hfsm.error;

import org.jspecify.annotations.NullMarked;
