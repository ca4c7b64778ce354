/** Where bytes lie: the {@link dev.hfsm.storage.BlobStore} contract and its values. */
@NullMarked
package dev.hfsm.storage;

import org.jspecify.annotations.NullMarked;
