package dev.hfsm.imaging;

import com.drew.lang.RandomAccessReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifTiffHandler;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects EXIF fields and leaves out what metadata-extractor would hand to further parsers: maker
 * notes, XMP (which is XML), IPTC, Photoshop resources, profiles, thumbnails.
 */
final class SafeTiffHandler extends ExifTiffHandler {

  private static final int XMP = 0x02BC;
  private static final int IPTC = 0x83BB;
  private static final int PHOTOSHOP = 0x8649;
  private static final int ICC = 0x8773;
  private static final int MAKER_NOTE = 0x927C;
  private static final int PRINT_IMAGE = 0xC4A5;
  private static final Set<Integer> SKIPPED =
      Set.of(XMP, IPTC, PHOTOSHOP, ICC, MAKER_NOTE, PRINT_IMAGE);

  SafeTiffHandler(Metadata metadata) {
    super(metadata, null, 0);
  }

  @Override
  public boolean customProcessTag(
      int tagOffset,
      @Nullable Set<Integer> processedIfdOffsets,
      int tiffHeaderOffset,
      RandomAccessReader reader,
      int tagId,
      int byteCount) {
    return tagId == 0 || SKIPPED.contains(tagId);
  }
}
