/** Writes JPEG (ITU-T T.81, JFIF) from planes or from RGB rows, in plain Java. */
@NullMarked
package dev.hfsm.imaging.jpegenc;

import org.jspecify.annotations.NullMarked;
