/** Stores made of other stores: each is a {@link dev.hfsm.storage.BlobStore}, so they compose. */
@NullMarked
package dev.hfsm.store;

import org.jspecify.annotations.NullMarked;
