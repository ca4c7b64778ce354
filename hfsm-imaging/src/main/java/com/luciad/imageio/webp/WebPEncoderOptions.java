package com.luciad.imageio.webp;

/** The encoder's settings; internal, the library must have been loaded. */
public final class WebPEncoderOptions {

  private WebPEncoderOptions() {}

  /** New settings, to be deleted by their number; 0 if there is no memory. */
  public static native long createConfig();

  /** Ends settings. */
  public static native void deleteConfig(long config);

  /** 0 to 100. */
  public static native void setQuality(long config, float quality);

  /** Whether pixels come out as they are. */
  public static native void setLossless(long config, boolean lossless);
}
