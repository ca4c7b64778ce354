package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import java.io.IOException;
import java.util.Set;

/** Readers of types that this engine does not know; apart, because they need java.desktop. */
interface OtherReaders {

  /** No type is added. */
  OtherReaders NONE =
      new OtherReaders() {
        @Override
        public Set<MediaType> types() {
          return Set.of();
        }

        @Override
        public Header header(Bytes in, MediaType type) {
          throw new IllegalArgumentException("no reader was allowed for " + type);
        }
      };

  Set<MediaType> types();

  /** What is known of a file of one of these types before its pixels are decoded. */
  Header header(Bytes in, MediaType type) throws IOException;
}
