/** Reads and writes GIF (GIF89a), animated or not, in plain Java, without java.desktop. */
@NullMarked
package dev.hfsm.imaging.gif;

import org.jspecify.annotations.NullMarked;
