package dev.sharedregion.bench;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinNT;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** A named pipe of Windows, in both directions. Java can only open one, so the asking side makes it by JNA. */
record NamedPipeTransport() implements Transport {
    /** Nothing larger is gained by the buffers of the pipe than to hold one payload. */
    private static final int LEAST_BUFFER = 1 << 12;

    @Override
    public Asking ask(String name, Payload payload) throws IOException {
        int buffer = Math.max(LEAST_BUFFER, payload.bytes);
        WinNT.HANDLE handle = Kernel32.INSTANCE.CreateNamedPipe(
                "\\\\.\\pipe\\" + name, WinBase.PIPE_ACCESS_DUPLEX, WinBase.PIPE_TYPE_BYTE | WinBase.PIPE_WAIT,
                1, buffer, buffer, 0, null);
        if (WinBase.INVALID_HANDLE_VALUE.equals(handle)) {
            throw new IOException("CreateNamedPipe failed with " + Native.getLastError());
        }
        ServerEnd end = new ServerEnd(handle);
        ChannelSides.Door door = new ChannelSides.Door() {
            @Override
            public ChannelSides.Link enter() {
                // Fails if the other side came first, which is just as well.
                Kernel32.INSTANCE.ConnectNamedPipe(handle, null);
                return new ChannelSides.Link(end, end);
            }

            @Override
            public void close() {
                end.close();
            }
        };
        return ChannelSides.asking(name, door, payload);
    }

    @Override
    public Answering answer(String address, Payload payload) throws IOException {
        // Not closed here: the channel closes it.
        @SuppressWarnings("resource")
        ByteChannel pipe = new RandomAccessFile("\\\\.\\pipe\\" + address, "rw").getChannel();
        return ChannelSides.answering(new ChannelSides.Link(pipe, pipe), payload);
    }

    /** The two calls as C makes them; those of jna-platform copy a {@code byte[]}. */
    private static final class Calls {
        static {
            Native.register(Calls.class, "kernel32");
        }

        static native boolean ReadFile(Pointer file, long to, int count, Pointer read, Pointer overlapped);

        static native boolean WriteFile(Pointer file, long from, int count, Pointer written, Pointer overlapped);
    }

    /** The end that was made here. */
    private static final class ServerEnd implements ByteChannel {
        private final WinNT.HANDLE handle;
        private final Pointer count = Native.getDirectBufferPointer(ByteBuffer.allocateDirect(Integer.BYTES));
        private boolean open = true;

        ServerEnd(WinNT.HANDLE handle) {
            this.handle = handle;
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            check(Calls.ReadFile(handle.getPointer(), address(to), to.remaining(), count, null), "ReadFile");
            return advance(to);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            check(Calls.WriteFile(handle.getPointer(), address(from), from.remaining(), count, null), "WriteFile");
            return advance(from);
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                Kernel32.INSTANCE.CloseHandle(handle);
            }
        }

        private int advance(ByteBuffer buffer) {
            buffer.position(buffer.position() + count.getInt(0));
            return count.getInt(0);
        }

        private static long address(ByteBuffer buffer) {
            return Pointer.nativeValue(Native.getDirectBufferPointer(buffer)) + buffer.position();
        }

        private static void check(boolean done, String call) throws IOException {
            if (!done) {
                throw new IOException(call + " failed with " + Native.getLastError());
            }
        }
    }
}
