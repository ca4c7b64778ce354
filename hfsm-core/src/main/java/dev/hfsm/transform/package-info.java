/** Recipes for variants, and the SPI of the code that executes them. */
@NullMarked
package dev.hfsm.transform;

import org.jspecify.annotations.NullMarked;
