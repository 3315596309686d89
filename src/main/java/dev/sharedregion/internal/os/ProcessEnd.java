package dev.sharedregion.internal.os;

/**
 * The end of a process, for the waits that end with it. Only the system that made the object knows what is behind it.
 */
public interface ProcessEnd {}
