/** The image engine: reads facts from pictures and makes variants of them, in plain Java. */
@NullMarked
package dev.hfsm.imaging;

import org.jspecify.annotations.NullMarked;
