package dev.sharedregion.bench.views;

/** What is done to the memory: each is a benchmark method of that name in the classes that can do it. */
enum Operation {
    getInt("read an int"),
    setInt("write an int"),
    getLong("read a long"),
    setLong("write a long"),
    sumInts("read 64 KiB, int by int"),
    fillInts("write 64 KiB, int by int"),
    sumLongs("read 64 KiB, long by long"),
    fillLongs("write 64 KiB, long by long"),
    readBytes("copy out"),
    writeBytes("copy in"),
    readString("read a string"),
    writeString("write a string"),
    readStructure("read a structure"),
    writeStructure("write a structure");

    final String title;

    Operation(String title) {
        this.title = title;
    }

    boolean isBulkCopy() {
        return this == readBytes || this == writeBytes;
    }
}
