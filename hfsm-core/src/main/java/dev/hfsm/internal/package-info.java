/**
 * How the pipeline works inside; nothing here or below is API. This package has what the others
 * share, and knows none of them; {@code chores} is known to {@code work} and {@code custody}, and
 * {@code work} to {@code custody}. {@code sniff} knows nobody.
 */
@NullMarked
package dev.hfsm.internal;

import org.jspecify.annotations.NullMarked;
