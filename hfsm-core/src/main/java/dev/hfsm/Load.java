package dev.hfsm;

/**
 * What is waited for in this process, at this moment.
 *
 * @param coldVariants how many variants somebody asked for that are not there yet
 * @param coldCallers how many callers wait for them, each of whom holds a thread
 * @param turnedAway how many callers were turned away since the process began, because more would
 *     have waited than may
 */
public record Load(int coldVariants, int coldCallers, long turnedAway) {}
