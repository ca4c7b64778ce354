/**
 * The entry points of the native WebP encoder, declared under the names its library exports. No
 * decoder is declared, so none can be called.
 */
@NullMarked
package com.luciad.imageio.webp;

import org.jspecify.annotations.NullMarked;
