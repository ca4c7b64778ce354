/** A ledger in a relational database: PostgreSQL or embedded SQLite. */
@NullMarked
package dev.hfsm.jdbc;

import org.jspecify.annotations.NullMarked;
