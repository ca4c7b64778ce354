/** Blobs as plain files on a local file system. */
@NullMarked
package dev.hfsm.filesystem;

import org.jspecify.annotations.NullMarked;
