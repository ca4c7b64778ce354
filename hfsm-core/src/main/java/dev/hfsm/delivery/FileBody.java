package dev.hfsm.delivery;

import dev.hfsm.Content;
import dev.hfsm.Original;
import dev.hfsm.error.IntegrityException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Part of a local file. */
final class FileBody extends DeliveryBody {

  private static final Logger LOG = LoggerFactory.getLogger(FileBody.class);

  private final FilePart part;

  private FileBody(FilePart part) {
    super(part.length());
    this.part = part;
  }

  /**
   * Empty if the file cannot be opened.
   *
   * @throws IntegrityException if it is not of the size it has to be
   */
  static Optional<DeliveryBody> of(Content content, Path file, long offset, long length) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      if (channel.size() == content.size()) {
        Path name = content instanceof Original ? file : null;
        return Optional.of(new FileBody(new FilePart(channel, offset, length, name)));
      }
      long found = channel.size();
      channel.close();
      throw content.damaged("expected %d bytes, found %d".formatted(content.size(), found));
    } catch (IOException e) {
      LOG.debug("cannot serve from {}: {}", file, e.toString());
    }
    return Optional.empty();
  }

  @Override
  public Optional<FilePart> file() {
    return Optional.of(part);
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] block = new byte[(int) Math.min(BLOCK, part.length())];
    long end = part.offset() + part.length();
    for (long at = part.offset(); at < end; ) {
      int most = (int) Math.min(block.length, end - at);
      int n = part.channel().read(ByteBuffer.wrap(block, 0, most), at);
      if (n < 0) {
        throw new IOException("expected %d bytes more, found none".formatted(end - at));
      }
      out.write(block, 0, n);
      at += n;
    }
  }

  @Override
  public void close() {
    try {
      part.channel().close();
    } catch (IOException e) {
      LOG.debug("could not close a file after it was served: {}", e.toString());
    }
  }
}
