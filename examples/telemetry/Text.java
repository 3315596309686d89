package telemetry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Text in fields of a fixed length, ended by a NUL if it is shorter. */
final class Text {
    private static final Charset UTF_32 = Charset.forName("UTF-32LE");

    private Text() {}

    /** Returns the text of a field of bytes. What another program wrote need not have an end. */
    static String get(ByteBuffer memory, int offset, int length) {
        return text(memory, offset, length, Byte.BYTES, StandardCharsets.UTF_8);
    }

    /** Returns the text of a field of UTF-16 characters. */
    static String get16(ByteBuffer memory, int offset, int chars) {
        return text(memory, offset, chars, Character.BYTES, StandardCharsets.UTF_16LE);
    }

    /** Returns the text of a field of {@code wchar_t}, which has 2 bytes on Windows and 4 on Linux. */
    static String getWide(ByteBuffer memory, int offset, int chars, int width) {
        return width == Character.BYTES ? get16(memory, offset, chars) : text(memory, offset, chars, width, UTF_32);
    }

    private static String text(ByteBuffer memory, int offset, int chars, int width, Charset charset) {
        byte[] bytes = new byte[chars * width];
        memory.get(offset, bytes);
        int length = 0;
        while (length < bytes.length && !isZero(bytes, length, width)) {
            length += width;
        }
        return new String(bytes, 0, length, charset);
    }

    private static boolean isZero(byte[] bytes, int from, int width) {
        for (int i = from; i < from + width; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Writes a text and its NUL to a field of bytes. */
    static void put(ByteBuffer memory, int offset, String text) {
        memory.put(offset, (text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a text and its NUL to a field of UTF-16 characters. */
    static void put16(ByteBuffer memory, int offset, String text) {
        memory.put(offset, (text + "\0").getBytes(StandardCharsets.UTF_16LE));
    }

    /** Returns a buffer of the system's {@code wchar_t} of this text, filled with NULs. */
    static byte[] wide(String text, int chars, int width) {
        ByteBuffer field = ByteBuffer.allocate(chars * width).order(ByteOrder.LITTLE_ENDIAN);
        field.put(text.getBytes(width == Character.BYTES ? StandardCharsets.UTF_16LE : UTF_32));
        return field.array();
    }
}
