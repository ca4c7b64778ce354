/**
 * Reads and writes PNG (W3C Portable Network Graphics, third edition) row by row, in plain Java.
 */
@NullMarked
package dev.hfsm.imaging.png;

import org.jspecify.annotations.NullMarked;
