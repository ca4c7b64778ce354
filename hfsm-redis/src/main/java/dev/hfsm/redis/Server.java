package dev.hfsm.redis;

import java.util.concurrent.CompletionStage;

/** Where Redis is and how it is reached. Thread-safe. */
interface Server extends AutoCloseable {

  /** Opens a pair of connections of their own. */
  CompletionStage<Connections> connect();

  /** The address, without secrets, for messages. */
  String address();

  /** Shuts the client down unless it is the host's. */
  @Override
  void close();
}
