package dev.sharedregion.bench;

/** What one line of the table is about: a contender, and the bytes that it hands over each time. */
record Case(Contender contender, int size) {}
