package dev.sharedregion.bench;

import dev.sharedregion.bench.LifeCase.Step;
import dev.sharedregion.bench.LifeCase.What;

/** What the life cycle is measured of, in the order in which they take turns. */
enum LifeContender {
    OURS("sharedregion"),
    C("C"),
    /**
     * A file in memory, which is given its size, mapped and, if it was created, deleted. Its memory is never reserved.
     */
    MAPPED_FILE("FileChannel.map");

    final String title;

    LifeContender(String title) {
        this.title = title;
    }

    /** Whether it has anything like that. */
    boolean does(LifeCase of) {
        return this != MAPPED_FILE
                || of.what() != What.PAIR
                        && (of.what() != What.REGION || of.step() == Step.OPEN)
                        && of.others() == 0
                        && of.size() <= Integer.MAX_VALUE;
    }
}
