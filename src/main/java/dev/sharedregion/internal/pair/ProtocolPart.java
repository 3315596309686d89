package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.os.EventHandle;

/** What each part of the protocol works with: the objects that this side has open. */
abstract class ProtocolPart {
    final Side me;
    final Side peer;
    final PairBlock block;
    final EventHandle myEvent;
    final EventHandle peersEvent;

    ProtocolPart(PairObjects objects) {
        this.me = objects.side;
        this.peer = me.peer();
        this.block = objects.block;
        this.myEvent = objects.mine;
        this.peersEvent = objects.peers;
    }
}
