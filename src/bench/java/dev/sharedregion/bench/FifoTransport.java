package dev.sharedregion.bench;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Two FIFOs, Linux's named pipes, one in each direction. */
record FifoTransport() implements Transport {
    private static final NativeLibrary C = NativeLibrary.getInstance("c");
    private static final int O_RDWR_NONBLOCK = 2 | 04000;
    private static final int F_SETPIPE_SZ = 1031;

    /** What a pipe holds, as Linux makes it; and what it may hold at most without privileges. */
    private static final int USUAL = 1 << 16;

    private static final int LARGEST = 1 << 20;

    @Override
    public Asking ask(String name, Payload payload) throws IOException {
        Path there = Transport.file(name + ".there");
        Path back = Transport.file(name + ".back");
        call("mkfifo", there.toString(), 0600);
        call("mkfifo", back.toString(), 0600);
        ChannelSides.Door door = new ChannelSides.Door() {
            @Override
            public ChannelSides.Link enter() throws IOException {
                if (payload.bytes > USUAL) {
                    enlarge(there);
                }
                // Each opening waits for the other side's: in the same order on both.
                FileChannel out = FileChannel.open(there, StandardOpenOption.WRITE);
                return new ChannelSides.Link(FileChannel.open(back, StandardOpenOption.READ), out);
            }

            @Override
            public void close() {}
        };
        return ChannelSides.asking(name, door, payload);
    }

    @Override
    public Answering answer(String address, Payload payload) throws IOException {
        FileChannel in = FileChannel.open(Transport.file(address + ".there"), StandardOpenOption.READ);
        FileChannel out = FileChannel.open(Transport.file(address + ".back"), StandardOpenOption.WRITE);
        return ChannelSides.answering(new ChannelSides.Link(in, out), payload);
    }

    /** So that large payloads take few turns of the two sides: pipe(7), "Pipe capacity". Left open until the end. */
    private static void enlarge(Path fifo) throws IOException {
        int descriptor = call("open", fifo.toString(), O_RDWR_NONBLOCK);
        call("fcntl", descriptor, F_SETPIPE_SZ, LARGEST);
    }

    private static int call(String function, Object... arguments) throws IOException {
        int result = C.getFunction(function, Function.C_CONVENTION).invokeInt(arguments);
        if (result < 0) {
            throw new IOException(function + " failed");
        }
        return result;
    }
}
