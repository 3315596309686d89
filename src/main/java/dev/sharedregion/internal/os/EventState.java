package dev.sharedregion.internal.os;

/** An event's state at one moment. */
public record EventState(boolean manualReset, boolean set) {}
