package dev.sharedregion.internal.inspect;

import dev.sharedregion.internal.latest.TableLayout;
import dev.sharedregion.internal.lock.LockLayout;
import dev.sharedregion.internal.message.MessageLayout;
import dev.sharedregion.internal.pair.PairBlockLayout;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the parts of one kind of object are named, and what its block begins with. */
enum Family {
    // The first that matches counts: the parts of a request server are named as those of a channel.
    REQUESTS(
            Kind.REQUESTS,
            "\\.(?:requests|reply\\.[0-9a-f]{16})\\.(?:messages|sent(?:\\.\\d+)?|freed\\.\\d+)",
            ".requests.messages",
            MessageLayout.MAGIC_VALUE),
    CHANNEL(Kind.CHANNEL, "\\.(?:messages|sent(?:\\.\\d+)?|freed\\.\\d+)", ".messages", MessageLayout.MAGIC_VALUE),
    TABLE(Kind.TABLE, "\\.(?:latest|newer(?:\\.\\d+)?)", ".latest", TableLayout.MAGIC_VALUE),
    LOCK(Kind.LOCK, "\\.(?:lock|unlocked)", ".lock", LockLayout.MAGIC_VALUE),
    PAIR(Kind.PAIR, "\\.(?:pair|written|read)", ".pair", PairBlockLayout.MAGIC_VALUE);

    private static final Set<String> WORDS = Set.of(
            "messages", "sent", "freed", "latest", "newer", "lock", "unlocked", "pair", "written", "read");

    final Kind kind;

    /** The name of the part that tells the kind, after the object's name. */
    final String block;

    final byte[] magic;
    private final Pattern part;

    Family(Kind kind, String suffix, String block, byte[] magic) {
        this.kind = kind;
        this.block = block;
        this.magic = magic;
        this.part = Pattern.compile(suffix + "\\z");
    }

    /** Whether an object of the system of this name may be a part: most are none, and are not looked at further. */
    static boolean mayBePart(String name) {
        int end = name.length();
        while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
            end--;
        }
        if (end < name.length() && end > 0 && name.charAt(end - 1) == '.') {
            end--;
        }
        return WORDS.contains(name.substring(name.lastIndexOf('.', end - 1) + 1, end));
    }

    /** The name of the object that an object of the system of this name is a part of; null if it is none. */
    String whole(String name) {
        Matcher matcher = part.matcher(name);
        return matcher.find() && matcher.start() > 0 ? name.substring(0, matcher.start()) : null;
    }
}
