package dev.sharedregion.internal.os;

/**
 * A region to create.
 *
 * @param size in bytes
 * @param lazy whether to take memory only when it is first used
 */
public record RegionRequest(long size, boolean lazy, Rights rights) {}
