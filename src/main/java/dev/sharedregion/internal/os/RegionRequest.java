package dev.sharedregion.internal.os;

/**
 * A region to create.
 *
 * @param size in bytes
 * @param lazy whether to take memory only when it is first used
 * @param persistent whether its name stays when nobody uses it any more, on Linux
 */
public record RegionRequest(long size, boolean lazy, boolean persistent, Rights rights) {}
