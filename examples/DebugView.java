import com.sun.jna.Platform;
import dev.sharedregion.EventPair;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.PairOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import terminal.Utf8Console;

/** Prints what programs on Windows send with {@code OutputDebugString}, each text after the sender's process id. */
public final class DebugView {
    /** The region: a process id of 4 bytes, then the text in the code page of the system, ended by a NUL. */
    private static final int SIZE = 4096;

    private static final Charset CODE_PAGE = Charset.forName(System.getProperty("native.encoding"));

    private DebugView() {}

    public static void main(String[] args) throws InterruptedException {
        PairOptions names = PairOptions.defaults().eventNames("DBWIN_DATA_READY", "DBWIN_BUFFER_READY");
        try (SharedRegion region = SharedRegion.create("DBWIN_BUFFER", SIZE);
                NamedEvent dataReady = NamedEvent.create("DBWIN_DATA_READY");
                NamedEvent bufferReady = NamedEvent.create("DBWIN_BUFFER_READY");
                EventPair pair = EventPair.open("DBWIN", names)) {
            ByteBuffer memory = region.buffer().order(ByteOrder.LITTLE_ENDIAN);
            OutputStream output = Utf8Console.output();
            bufferReady.set(); // the first program may write
            String senders = Platform.isWindows() ? "" : ", which only programs on Windows send";
            Utf8Console.say("Waiting for messages" + senders + ".");
            while (true) {
                output.write(pair.read(() -> message(memory)).getBytes(StandardCharsets.UTF_8));
                output.flush();
            }
        } catch (SharedMemoryException | IOException e) {
            Utf8Console.say(e.getMessage());
            System.exit(1);
        }
    }

    private static String message(ByteBuffer memory) {
        byte[] text = new byte[SIZE - Integer.BYTES];
        memory.get(Integer.BYTES, text);
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        return memory.getInt(0) + " " + new String(text, 0, length, CODE_PAGE).stripTrailing() + "\n";
    }
}
