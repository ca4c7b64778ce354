package dev.hfsm.imaging.jpeg;

/**
 * One component of the picture.
 *
 * @param id as the file calls it
 * @param across its horizontal sampling factor, 1 to 4
 * @param down its vertical sampling factor, 1 to 4
 * @param table the number of its quantisation table, 0 to 3
 */
public record JpegComponent(int id, int across, int down, int table) {}
