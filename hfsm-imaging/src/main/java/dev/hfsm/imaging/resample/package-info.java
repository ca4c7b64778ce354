/**
 * Changes the size of pictures, plane by plane and row by row, in {@code float} arithmetic that
 * gives the same result on every machine.
 */
@NullMarked
package dev.hfsm.imaging.resample;

import org.jspecify.annotations.NullMarked;
