package dev.sharedregion.cli;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import telemetry.Row;

/**
 * A value in a region, as the user describes it: {@code i32}, {@code f64@16}, {@code u8[4]@0x20}, {@code utf8[32]}.
 *
 * @param count how many values, or bytes of text
 * @param offset where it begins; -1 after the one before it
 */
record Field(Type type, int count, int offset) {
    /** What a value can be. */
    enum Type {
        I8(1, ByteBuffer::get),
        U8(1, (bytes, at) -> Byte.toUnsignedInt(bytes.get(at))),
        I16(2, ByteBuffer::getShort),
        U16(2, (bytes, at) -> Short.toUnsignedInt(bytes.getShort(at))),
        I32(4, ByteBuffer::getInt),
        U32(4, (bytes, at) -> Integer.toUnsignedLong(bytes.getInt(at))),
        I64(8, ByteBuffer::getLong),
        U64(8, (bytes, at) -> new BigInteger(Long.toUnsignedString(bytes.getLong(at)))),
        F32(4, ByteBuffer::getFloat),
        F64(8, ByteBuffer::getDouble),
        UTF8(1, null),
        UTF16(2, null);

        final int size;
        private final BiFunction<ByteBuffer, Integer, Object> get;

        Type(int size, BiFunction<ByteBuffer, Integer, Object> get) {
            this.size = size;
            this.get = get;
        }
    }

    private static final Pattern SYNTAX =
            Pattern.compile("(?i)([a-z]+\\d+)(?:\\[(\\d{1,6})])?(?:@(0x[0-9a-f]{1,8}|\\d{1,10}))?");

    /** All up to the last value is copied. */
    private static final int LARGEST_END = 1 << 28;

    /** Returns the fields with their offsets. Each without one follows the one before it. */
    static List<Field> placed(List<Field> fields, long start) {
        List<Field> placed = new ArrayList<>();
        long next = start;
        for (Field field : fields) {
            long offset = field.offset < 0 ? next : field.offset;
            next = offset + (long) field.type.size * field.count;
            if (next > LARGEST_END) {
                throw new IllegalArgumentException("The value at " + offset + " ends after " + LARGEST_END + ".");
            }
            placed.add(new Field(field.type, field.count, (int) offset));
        }
        return placed;
    }

    int end() {
        return offset + type.size * count;
    }

    /** Returns the value in these bytes. */
    Row row(ByteBuffer bytes) {
        String label = String.format(Locale.ROOT, "%08x %s", offset, type.name().toLowerCase(Locale.ROOT));
        if (type.get == null) {
            String text = text(bytes);
            return new Row(label, text, text);
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(type.get.apply(bytes, offset + i * type.size));
        }
        String text = String.join(", ", values.stream().map(Object::toString).toList());
        return new Row(label, text, count == 1 ? values.get(0) : values);
    }

    /** The text ends at its first NUL. */
    private String text(ByteBuffer bytes) {
        Charset charset = type == Type.UTF8 ? StandardCharsets.UTF_8
                : bytes.order() == ByteOrder.BIG_ENDIAN ? StandardCharsets.UTF_16BE
                : StandardCharsets.UTF_16LE;
        String text = charset.decode(bytes.slice(offset, type.size * count)).toString();
        int end = text.indexOf(0);
        return end < 0 ? text : text.substring(0, end);
    }

    /** Reads what the user has typed. */
    static final class Converter implements ITypeConverter<Field> {
        @Override
        public Field convert(String text) {
            Matcher parts = SYNTAX.matcher(text);
            try {
                if (parts.matches()) {
                    Type type = Type.valueOf(parts.group(1).toUpperCase(Locale.ROOT));
                    int count = parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2));
                    long offset = parts.group(3) == null ? -1 : Long.decode(parts.group(3));
                    if (count > 0 && offset <= LARGEST_END) {
                        return new Field(type, count, (int) offset);
                    }
                }
            } catch (IllegalArgumentException e) {
                // Below: there is no such type.
            }
            throw new TypeConversionException("\"" + text + "\" is no type. Types are i8, u8, i16, u16, i32, u32, i64, "
                    + "u64, f32, f64, utf8 and utf16, with a number of values as in u8[4] or utf8[32], and with an "
                    + "offset as in i32@0x10");
        }
    }
}
