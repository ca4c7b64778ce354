package dev.hfsm.imaging;

/** Puts a profile and EXIF around what the WebP encoder wrote (RFC 9649, extended file format). */
final class WebpFile {

  private WebpFile() {}

  static byte[] tagged(byte[] file, Canvas canvas, Tags tags) {
    if (tags.isEmpty()) {
      return file;
    }
    WebpChunks chunks = new WebpChunks(file);
    WebpChunks.Writer head = new WebpChunks.Writer();
    head.extended(canvas.width, canvas.height, chunks.hasAlpha(), false, tags);
    WebpChunks.Writer picture = new WebpChunks.Writer();
    chunks.copyPicture(picture);
    return WebpChunks.file(head, picture.bytes(), tags.exif());
  }
}
