package dev.hfsm.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes a multipart body apart as RFC 2046 says: by its boundary alone, trusting no length. */
final class MultipartReader {

  private MultipartReader() {}

  /** A part; names of fields in any case. */
  record Part(Map<String, String> fields, byte[] body) {
    String field(String name) {
      return fields.getOrDefault(name, "");
    }
  }

  /**
   * @param type the {@code Content-Type} with its boundary
   */
  static List<Part> read(String type, byte[] body) {
    String boundary = type.substring(type.indexOf("boundary=") + "boundary=".length());
    // One byte is one character, so that nothing is lost.
    String text = new String(body, StandardCharsets.ISO_8859_1);
    String end = "\r\n--" + boundary + "--";
    int last = text.indexOf(end);
    if (last < 0 || !text.substring(last + end.length()).equals("\r\n")) {
      throw new AssertionError("expected the last boundary at the end, found " + text);
    }
    String opened = "\r\n" + text.substring(0, last);
    List<Part> parts = new ArrayList<>();
    String[] pieces = opened.split(java.util.regex.Pattern.quote("\r\n--" + boundary + "\r\n"), -1);
    if (!pieces[0].isEmpty()) {
      throw new AssertionError("expected nothing before the first boundary, found " + pieces[0]);
    }
    for (int i = 1; i < pieces.length; i++) {
      int blank = pieces[i].indexOf("\r\n\r\n");
      Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String line : pieces[i].substring(0, blank).split("\r\n")) {
        fields.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
      }
      parts.add(
          new Part(fields, pieces[i].substring(blank + 4).getBytes(StandardCharsets.ISO_8859_1)));
    }
    return parts;
  }
}
