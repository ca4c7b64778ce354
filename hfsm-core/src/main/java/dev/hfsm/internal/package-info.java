/** Shared by the packages of this module; not for use outside HFSM. */
@NullMarked
package dev.hfsm.internal;

import org.jspecify.annotations.NullMarked;
