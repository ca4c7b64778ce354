package dev.hfsm.reliability.process;

import dev.hfsm.reliability.process.Operation.Kind;
import dev.hfsm.reliability.process.Operation.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A log that outlives its process: each line is with the operating system before the operation goes
 * on. Thread-safe.
 */
final class LogFile implements Actor.Log, AutoCloseable {

  private final FileChannel file;
  private final Map<Operation, Integer> numbers =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private int last;

  LogFile(Path path) {
    try {
      file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void began(Operation unknown) {
    last++;
    numbers.put(unknown, last);
    write(last, unknown);
  }

  @Override
  public synchronized void ended(Operation begun, Operation known) {
    write(numbers.remove(begun), known);
  }

  private void write(int number, Operation o) {
    String line =
        String.join(
            "\t",
            Integer.toString(number),
            Long.toString(o.start()),
            Long.toString(o.end()),
            o.kind().name(),
            Integer.toString(o.digest()),
            Integer.toString(o.name()),
            o.outcome().name(),
            o.detail() + "\n");
    try {
      file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The operations of a log; those that did not come to an end are unknown. */
  static List<Operation> read(Path path) {
    Map<Integer, Operation> operations = new HashMap<>();
    try {
      String text = Files.readString(path);
      // A line that was cut off says nothing.
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
        if (!line.isEmpty()) {
          String[] f = line.split("\t", -1);
          operations.put(
              Integer.valueOf(f[0]),
              new Operation(
                  Long.parseLong(f[1]),
                  Long.parseLong(f[2]),
                  Kind.valueOf(f[3]),
                  Integer.parseInt(f[4]),
                  Integer.parseInt(f[5]),
                  Outcome.valueOf(f[6]),
                  f[7]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Operation> all = new ArrayList<>(operations.values());
    all.removeIf(o -> o.isUnknown() && !o.kind().writes());
    return all;
  }
}
