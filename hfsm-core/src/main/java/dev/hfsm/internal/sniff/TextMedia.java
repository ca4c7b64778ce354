package dev.hfsm.internal.sniff;

import dev.hfsm.model.MediaType;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Text: UTF-8, or UTF-16 if it says so; what it is for is told by its first tag. */
final class TextMedia {

  private static final MediaType SVG = new MediaType("image/svg+xml");
  private static final MediaType HTML = new MediaType("text/html");
  private static final MediaType XML = new MediaType("application/xml");
  private static final MediaType PLAIN = new MediaType("text/plain");

  /**
   * An element named svg, with or without a namespace prefix; not quoted in a comment's stead. Too
   * wide rather than too narrow: what may be SVG must never pass for harmless text.
   */
  private static final Pattern SVG_TAG =
      Pattern.compile("<([a-z_][\\w.-]*:)?svg[\\s>/]", Pattern.CASE_INSENSITIVE);

  private static final Pattern HTML_START =
      Pattern.compile(
          "<(!doctype\\s+html|html|head|body|script|iframe|title|style|table|div|h1|a|br|p|font|img"
              + "|b|form|meta|link|base|object|embed)[\\s>/]",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PROLOGUE =
      Pattern.compile(
          "\\s+|<!--.*?-->|<\\?.*?\\?>|<!doctype(?!\\s+html)[^>\\[]*(\\[.*?\\])?\\s*>",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  private TextMedia() {}

  static Optional<MediaType> sniff(Head head) {
    return decode(head).map(TextMedia::typeOf);
  }

  private static MediaType typeOf(String text) {
    String trimmed = text.stripLeading();
    if (!trimmed.startsWith("<")) {
      return PLAIN;
    }
    String lower = trimmed.toLowerCase(Locale.ROOT);
    String rest = withoutPrologue(trimmed);
    if (HTML_START.matcher(rest).lookingAt()) {
      return HTML;
    }
    boolean xml = lower.startsWith("<?xml") || lower.startsWith("<!doctype svg");
    if (SVG_TAG.matcher(rest).lookingAt() || xml && SVG_TAG.matcher(trimmed).find()) {
      return SVG;
    }
    return xml ? XML : PLAIN;
  }

  private static String withoutPrologue(String text) {
    var prologue = PROLOGUE.matcher(text);
    int start = 0;
    while (prologue.region(start, text.length()).lookingAt() && prologue.end() > start) {
      start = prologue.end();
    }
    return text.substring(start);
  }

  /** The head as text, or empty if it is no text. */
  private static Optional<String> decode(Head head) {
    if (head.length() == 0) {
      return Optional.empty();
    }
    if (head.at(0, 0xff, 0xfe)) {
      return decode(head, 2, StandardCharsets.UTF_16LE);
    }
    if (head.at(0, 0xfe, 0xff)) {
      return decode(head, 2, StandardCharsets.UTF_16BE);
    }
    // Without a mark, UTF-16 shows by the first characters of markup.
    if (head.at(0, '<', 0) && head.u8(3) == 0) {
      return decode(head, 0, StandardCharsets.UTF_16LE);
    }
    if (head.at(0, 0, '<', 0)) {
      return decode(head, 0, StandardCharsets.UTF_16BE);
    }
    return decode(head, head.at(0, 0xef, 0xbb, 0xbf) ? 3 : 0, StandardCharsets.UTF_8)
        .or(() -> latinMarkup(head));
  }

  /** Markup in an old encoding is still markup; other text in an old encoding is not told apart. */
  private static Optional<String> latinMarkup(Head head) {
    return head.looksLikeMarkup()
        ? decode(head, 0, StandardCharsets.ISO_8859_1).filter(text -> typeOf(text) != PLAIN)
        : Optional.empty();
  }

  private static Optional<String> decode(Head head, int start, Charset charset) {
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer chars = CharBuffer.allocate(head.length());
    // The head may be cut inside a character, so the end of input is not announced.
    boolean malformed =
        decoder
            .decode(ByteBuffer.wrap(head.bytes(), start, head.length() - start), chars, false)
            .isError();
    String text = chars.flip().toString();
    boolean controls = text.chars().anyMatch(TextMedia::isForbidden);
    return malformed || controls || text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static boolean isForbidden(int c) {
    boolean allowed = List.of(9, 10, 12, 13, 27).contains(c);
    return c < 32 && !allowed || c == 127 || c == 0xfffe || c == 0xffff;
  }
}
