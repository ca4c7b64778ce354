package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.http.RawClient.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that take their time, and clients that do not stay, at every server. */
@ParameterizedClass
@EnumSource(TestServer.class)
@Timeout(300)
class SlowAndGoneClientsTest {

  private static final int SMALL_BUFFER = 8192;

  /** More than what sockets of the system and buffers of a server hold for one client. */
  private static final long HELD = 12 << 20;

  private final TestServer server;
  private final ServedFiles files;
  private final String letters;
  private final String large;

  SlowAndGoneClientsTest(TestServer server) throws Exception {
    files = new ServedFiles(server);
    this.server = server;
    letters = files.letters();
    large = files.large();
  }

  @AfterEach
  void stop() throws Exception {
    files.close();
  }

  @Test
  void slowClientsHoldUpNobodyAndNothingIsReadAheadForThem() throws Exception {
    long before = files.store.bytes();
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        RawClient client = new RawClient(files.port, SMALL_BUFFER);
        slow.add(client);
        client.say(RawClient.request("GET", large));
        assertThat(client.read()).isEqualTo('H');
      }
      for (int i = 0; i < 200; i++) {
        assertThat(slow.get(i % slow.size()).read()).isNotNegative(); // a byte now and then
        try (RawClient other = new RawClient(files.port)) {
          assertThat(other.ask("GET", letters).text()).isEqualTo(ServedFiles.LETTERS);
        }
      }
      assertThat(files.store.bytes() - before)
          .as("bytes read from the store for 8 clients that took a few each")
          .isLessThan(slow.size() * HELD);
    } finally {
      for (RawClient client : slow) {
        client.reset();
      }
    }
    files.store.awaitAllClosed(8);
  }

  @Test
  void whateverWasOpenedForAClientThatHangsUpIsClosed() throws Exception {
    hangUp(files, 40);
    // Half of them asked for parts, which are opened when their turn comes, if it comes.
    files.store.awaitAllClosed(20);
    try (RawClient client = new RawClient(files.port)) {
      Answer whole = client.ask("GET", large);
      assertThat(whole.body()).hasSize(ServedFiles.LARGE);
    }
  }

  private void hangUp(ServedFiles served, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      RawClient client = new RawClient(served.port, SMALL_BUFFER);
      client.say(
          i % 2 == 0
              ? RawClient.request("GET", large)
              : RawClient.request("GET", large, "Range: bytes=0-20000000,20000001-45000000"));
      assertThat(client.read()).isEqualTo('H');
      if (i % 4 < 2) {
        client.reset();
      } else {
        client.close();
      }
    }
  }

  /** Where the system tells which files a process has open. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void filesThatAreServedAsTheyLieAreClosedToo() throws Exception {
    try (ServedFiles plain = new ServedFiles(server::start, store -> store)) {
      assertThat(plain.large()).isEqualTo(large);
      String path = plain.letters();
      hangUp(plain, 40);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      while (OpenFiles.below(plain.folder, ProcessHandle.current()) > 0) {
        assertThat(System.nanoTime()).as("still open").isLessThan(deadline);
        try (RawClient client = new RawClient(plain.port)) {
          assertThat(client.ask("GET", path).text()).isEqualTo(ServedFiles.LETTERS);
        }
      }
    }
  }

  @Test
  void aClientThatHangsUpBeforeItHasAskedLeavesNothing() throws Exception {
    for (int i = 0; i < 40; i++) {
      RawClient client = new RawClient(files.port);
      client.say("GET " + large.substring(0, i));
      client.reset();
    }
    try (RawClient client = new RawClient(files.port)) {
      assertThat(client.ask("GET", letters).text()).isEqualTo(ServedFiles.LETTERS);
    }
    files.store.awaitAllClosed(1);
  }

  @Test
  void conditionalAndHeadRequestsOpenNothing() throws Exception {
    try (RawClient client = new RawClient(files.port)) {
      String tag = client.ask("HEAD", letters).field("ETag");
      client.ask("GET", letters, "If-None-Match: " + tag);
      client.ask("GET", letters, "If-Match: \"x\"");
      client.ask("GET", letters, "Range: bytes=99-");
    }
    assertThat(files.store.opened()).isZero();
  }
}
