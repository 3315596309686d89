package dev.sharedregion;

import dev.sharedregion.internal.pair.Side;
import dev.sharedregion.internal.pair.TurnWord;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The block's turn alone, with a payload that has no order of its own. It lies in plain fields, which the compilers
 * reorder more freely than a region's buffer.
 */
@JCStressTest
@Description("Plain writes, then the turn; against the turn, then plain reads.")
@Outcome(
        id = "-?[0-9]+, 0, -?[0-9]+",
        expect = Expect.ACCEPTABLE,
        desc = "The turn has not come; anything may be there.")
@Outcome(id = "-?[0-9]+, 1, 42", expect = Expect.ACCEPTABLE, desc = "The turn has come, and the payload with it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The turn has come without the payload.")
@State
public class TurnCarriesPayload {
    final MemoryPair pair = new MemoryPair(MemoryPair.PARKING);
    final long first = pair.block.turnVolatile();
    int payload;

    @Actor
    public void server() {
        payload = 42;
        pair.block.setTurn(TurnWord.next(first, Side.READING));
    }

    @Actor
    public void client(III_Result r) {
        // Looked at too early, so that there is something stale to keep.
        r.r1 = payload;
        r.r2 = TurnWord.isOf(pair.block.turn(), Side.READING) ? 1 : 0;
        r.r3 = payload;
    }
}
