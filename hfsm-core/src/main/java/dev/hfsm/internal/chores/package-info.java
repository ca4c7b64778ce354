/** What is done now and then, whatever it is. No API. */
@NullMarked
package dev.hfsm.internal.chores;

import org.jspecify.annotations.NullMarked;
