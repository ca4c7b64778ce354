/** The asset pipeline: what a host application uses. */
@NullMarked
package dev.hfsm;

import org.jspecify.annotations.NullMarked;
