package dev.sharedregion.internal.inspect;

import dev.sharedregion.internal.os.NamedObject;
import java.util.List;

/**
 * What a user of the library sees as one object.
 *
 * @param name that the user has given
 * @param parts the objects of the system that it consists of: one, if it is plain
 * @param users the ids of the processes that use it, in ascending order
 */
public record Entry(Kind kind, String name, List<NamedObject> parts, List<Long> users) {}
