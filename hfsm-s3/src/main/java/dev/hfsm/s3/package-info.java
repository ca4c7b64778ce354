/**
 * A {@link dev.hfsm.storage.BlobStore} in a bucket of S3, or of a server that speaks its language:
 * {@link dev.hfsm.s3.S3BlobStore}.
 */
@NullMarked
package dev.hfsm.s3;

import org.jspecify.annotations.NullMarked;
