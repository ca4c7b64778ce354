package dev.hfsm.storage;

/**
 * What a store knows about a blob without reading it.
 *
 * @param size number of bytes
 */
public record BlobStat(long size) {}
