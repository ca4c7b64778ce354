/** JPEG (ITU-T T.81) in plain Java, without java.desktop. */
@NullMarked
package dev.hfsm.imaging.jpeg;

import org.jspecify.annotations.NullMarked;
