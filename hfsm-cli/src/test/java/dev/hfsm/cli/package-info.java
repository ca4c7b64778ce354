@NullMarked
package dev.hfsm.cli;

import org.jspecify.annotations.NullMarked;
