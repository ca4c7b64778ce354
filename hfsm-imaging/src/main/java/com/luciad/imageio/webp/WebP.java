package com.luciad.imageio.webp;

import org.jspecify.annotations.Nullable;

/** Encodes pixels; internal, the library must have been loaded. */
public final class WebP {

  private WebP() {}

  /** Encodes RGBA, 8 bits each, not premultiplied; null if it fails. */
  public static native byte @Nullable [] encodeRGBA(
      long config, byte[] rgba, int width, int height, int stride);

  /** Encodes RGB, 8 bits each; null if it fails. */
  public static native byte @Nullable [] encodeRGB(
      long config, byte[] rgb, int width, int height, int stride);
}
