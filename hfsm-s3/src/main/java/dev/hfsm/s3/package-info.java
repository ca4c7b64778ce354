/** The S3 blob store will live here; nothing in this module is ready for use yet. */
@NullMarked
package dev.hfsm.s3;

import org.jspecify.annotations.NullMarked;
