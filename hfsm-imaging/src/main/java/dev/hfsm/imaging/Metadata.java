package dev.hfsm.imaging;

import com.drew.imaging.tiff.TiffProcessingException;
import com.drew.imaging.tiff.TiffReader;
import com.drew.lang.ByteArrayReader;
import com.drew.lang.GeoLocation;
import com.drew.lang.RandomAccessReader;
import com.drew.metadata.Directory;
import com.drew.metadata.StringValue;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifSubIFDDirectory;
import com.drew.metadata.exif.GpsDirectory;
import dev.hfsm.error.HfsmException;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.GeoPoint;
import dev.hfsm.transform.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Camera facts from an EXIF block. The block is bounded before it comes here, and whatever is wrong
 * with it costs facts, never the picture.
 */
final class Metadata {

  private static final Logger LOG = LoggerFactory.getLogger(Metadata.class);
  private static final Pattern TIME =
      Pattern.compile("(\\d{4})[:/-](\\d\\d)[:/-](\\d\\d)[ T](\\d\\d):(\\d\\d):(\\d\\d).*");

  /** What an EXIF block says. */
  record Exif(int orientation, Facts facts, Rights rights) {
    static final Exif NONE = new Exif(0, Facts.NONE, Rights.NONE);
  }

  private Metadata() {}

  /** From a block that was copied out of a file. */
  static Exif read(byte @Nullable [] exif) {
    if (exif == null) {
      return Exif.NONE;
    }
    boolean prefixed = exif.length > 6 && exif[0] == 'E' && exif[1] == 'x' && exif[2] == 'i';
    return read(new ByteArrayReader(exif, prefixed ? 6 : 0));
  }

  /** From a file that is a TIFF itself. */
  static Exif ofTiff(Bytes in, Limits limits) {
    return read(new BoundedReader(in, limits.maxMetadataBytes()));
  }

  private static Exif read(RandomAccessReader reader) {
    com.drew.metadata.Metadata metadata = new com.drew.metadata.Metadata();
    try {
      new TiffReader().processTiff(reader, new SafeTiffHandler(metadata), 0);
    } catch (SourceUnreadable | HfsmException e) {
      throw e;
    } catch (TiffProcessingException | IOException | RuntimeException | StackOverflowError e) {
      LOG.debug("EXIF is broken; what was read before counts", e);
    }
    try {
      return new Exif(orientation(metadata), facts(metadata), rights(metadata));
    } catch (RuntimeException e) {
      LOG.debug("EXIF is broken", e);
      return new Exif(safeOrientation(metadata), Facts.NONE, Rights.NONE);
    }
  }

  private static int safeOrientation(com.drew.metadata.Metadata metadata) {
    try {
      return orientation(metadata);
    } catch (RuntimeException e) {
      return 0;
    }
  }

  private static int orientation(com.drew.metadata.Metadata metadata) {
    ExifIFD0Directory main = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
    Integer value = main == null ? null : main.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
    return value == null || value < 1 || value > 8 ? 0 : value;
  }

  private static Rights rights(com.drew.metadata.Metadata metadata) {
    ExifIFD0Directory main = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
    return new Rights(
        words(main, ExifIFD0Directory.TAG_ARTIST), words(main, ExifIFD0Directory.TAG_COPYRIGHT));
  }

  /** The first text of a tag: UTF-8 if it can be, else Latin-1; control characters are spaces. */
  private static Optional<String> words(@Nullable Directory directory, int tag) {
    StringValue value = directory == null ? null : directory.getStringValue(tag);
    if (value == null) {
      return Optional.empty();
    }
    byte[] bytes = value.getBytes();
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      text = new String(bytes, StandardCharsets.ISO_8859_1);
    }
    int zero = text.indexOf(0);
    String first = (zero < 0 ? text : text.substring(0, zero)).replaceAll("\\p{Cntrl}", " ");
    return Optional.of(first.strip()).filter(s -> !s.isEmpty());
  }

  private static Facts facts(com.drew.metadata.Metadata metadata) {
    ExifIFD0Directory main = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
    ExifSubIFDDirectory shot = metadata.getFirstDirectoryOfType(ExifSubIFDDirectory.class);
    return Facts.NONE
        .withOptional(Fact.MAKE, text(main, ExifIFD0Directory.TAG_MAKE))
        .withOptional(Fact.MODEL, text(main, ExifIFD0Directory.TAG_MODEL))
        .withOptional(
            Fact.TAKEN,
            time(shot, ExifSubIFDDirectory.TAG_DATETIME_ORIGINAL)
                .or(() -> time(shot, ExifSubIFDDirectory.TAG_DATETIME_DIGITIZED))
                .or(() -> time(main, ExifIFD0Directory.TAG_DATETIME)))
        .withOptional(Fact.GPS, place(metadata));
  }

  private static Optional<String> text(@Nullable Directory directory, int tag) {
    String text = directory == null ? null : directory.getString(tag);
    if (text == null) {
      return Optional.empty();
    }
    int zero = text.indexOf(0);
    String trimmed = (zero < 0 ? text : text.substring(0, zero)).strip();
    return trimmed.isEmpty() ? Optional.empty() : Optional.of(trimmed);
  }

  private static Optional<LocalDateTime> time(@Nullable Directory directory, int tag) {
    return text(directory, tag)
        .map(TIME::matcher)
        .filter(Matcher::matches)
        .flatMap(
            m -> {
              try {
                return Optional.of(
                    LocalDateTime.parse(
                        "%s-%s-%sT%s:%s:%s"
                            .formatted(
                                m.group(1),
                                m.group(2),
                                m.group(3),
                                m.group(4),
                                m.group(5),
                                m.group(6)),
                        DateTimeFormatter.ISO_LOCAL_DATE_TIME));
              } catch (DateTimeException e) {
                return Optional.empty();
              }
            });
  }

  private static Optional<GeoPoint> place(com.drew.metadata.Metadata metadata) {
    GpsDirectory gps = metadata.getFirstDirectoryOfType(GpsDirectory.class);
    GeoLocation location = gps == null ? null : gps.getGeoLocation();
    if (location == null || location.isZero()) {
      return Optional.empty();
    }
    double latitude = location.getLatitude();
    double longitude = location.getLongitude();
    boolean valid = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
    return valid ? Optional.of(new GeoPoint(latitude, longitude)) : Optional.empty();
  }
}
