/** Small stand-ins for pictures that are still on their way, made from a few pixels of them. */
@NullMarked
package dev.hfsm.imaging.placeholder;

import org.jspecify.annotations.NullMarked;
