package dev.sharedregion.internal.os;

/** An event to create. */
public record EventRequest(boolean manualReset, boolean initiallySet, Rights rights) {}
