package dev.sharedregion.bench;

/** What one row of a table is about: a contender, and the bytes that it hands over each time. */
record Case(Contender contender, int size) {
    @Override
    public String toString() {
        return contender.title + ", " + size + " bytes";
    }
}
