/** Colour conversion to sRGB by ICC profiles (ICC.1) in plain Java, without java.desktop. */
@NullMarked
package dev.hfsm.imaging.color;

import org.jspecify.annotations.NullMarked;
