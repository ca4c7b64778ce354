@NullMarked
package dev.hfsm.embedded;

import org.jspecify.annotations.NullMarked;
