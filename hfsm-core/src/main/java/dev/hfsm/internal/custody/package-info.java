/** Answers for what is stored: clears away, looks for damage, brings back what was lost. No API. */
@NullMarked
package dev.hfsm.internal.custody;

import org.jspecify.annotations.NullMarked;
