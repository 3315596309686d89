package dev.sharedregion.internal.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestTableTest {
    private record Item(int id) implements RequestTable.Entry {}

    private final RequestTable<Item> table = new RequestTable<>();

    /** More than the array has room for, so that ids share slots. */
    @Test
    void eachOfManyIsFoundAndRemovedAlone() {
        List<Item> items = new ArrayList<>();
        for (int id = -300; id < 300; id++) {
            items.add(new Item(id));
            assertTrue(table.add(items.get(items.size() - 1)));
        }
        assertEquals(new HashSet<>(items), new HashSet<>(table.all()));
        for (int i = 0; i < items.size(); i += 2) {
            assertSame(items.get(i), table.get(items.get(i).id()));
            assertTrue(table.remove(items.get(i)));
            assertFalse(table.remove(items.get(i)));
            assertNull(table.get(items.get(i).id()));
        }
        Set<Item> left = new HashSet<>(table.all());
        assertEquals(items.size() / 2, left.size());
        for (int i = 1; i < items.size(); i += 2) {
            assertTrue(left.contains(items.get(i)));
            assertSame(items.get(i), table.get(items.get(i).id()));
        }
    }

    @Test
    void idThatIsThereIsRefusedUntilItIsRemoved() {
        Item first = new Item(7);
        Item sameSlot = new Item(7 + (1 << 20));
        assertTrue(table.add(first));
        assertTrue(table.add(sameSlot));
        assertFalse(table.add(new Item(7)));
        assertFalse(table.add(new Item(sameSlot.id())));
        assertTrue(table.remove(first));
        // The slot is free now, and the other one is still not in it.
        assertSame(sameSlot, table.get(sameSlot.id()));
        assertFalse(table.add(new Item(sameSlot.id())));
        assertTrue(table.add(new Item(7)));
    }
}
