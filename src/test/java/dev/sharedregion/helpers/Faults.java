package dev.sharedregion.helpers;

import com.sun.jna.Function;
import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import dev.sharedregion.internal.linux.LibC;
import dev.sharedregion.internal.windows.Kernel32;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes the library's system calls fail in this process: its bindings are bound again, to {@code src/test/c/faults.h}.
 * The library itself is unchanged.
 */
public final class Faults {
    private static final Class<?> BINDING = Platform.isWindows() ? Kernel32.class : LibC.class;

    /** {@code faults.h} says what they do. */
    private interface Control extends Library {
        void faults_arm(int nth, int code, int following);

        void faults_stop(int nth);

        void faults_arm_everywhere(String name, int code, int times);

        void faults_pause(String names, String file);

        int faults_disarm();

        int faults_made();

        String faults_call(int index);

        int faults_held();
    }

    private final NativeLibrary library;
    private final Control control;

    /** Binds the library's declarations to this build of {@code faults.h}. */
    public Faults(Path built) {
        FunctionMapper faulty = (library, method) -> "faulty_" + method.getName();
        library = NativeLibrary.getInstance(
                built.toString(),
                Map.of(
                        Library.OPTION_FUNCTION_MAPPER, faulty,
                        Library.OPTION_CALLING_CONVENTION, Function.C_CONVENTION));
        control = Native.load(built.toString(), Control.class);
        List<String> missing = declared().filter(name -> !isThere("faulty_" + name)).toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    BINDING.getSimpleName() + " declares what " + built.getFileName() + " lacks: " + missing);
        }
        bindForGood();
        Native.register(BINDING, library);
    }

    /** The class binds itself when it is initialized, which must not come after this. */
    private static void bindForGood() {
        try {
            Class.forName(BINDING.getName());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<String> declared() {
        return Stream.of(BINDING.getDeclaredMethods())
                .filter(method -> Modifier.isNative(method.getModifiers()))
                .map(Method::getName);
    }

    private boolean isThere(String symbol) {
        try {
            library.getGlobalVariableAddress(symbol);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /**
     * Has the nth call of this thread from now, counted from 1, fail with this code; 0 for none.
     *
     * @param following the code of the call after it, or 0
     */
    public void arm(int nth, int code, int following) {
        control.faults_arm(nth, code, following);
    }

    /** Linux: stops the process before the nth call of this thread from now, counted from 1, as SIGSTOP does. */
    public void stopAt(int nth) {
        control.faults_stop(nth);
    }

    /** Has the next calls of this function fail, whatever thread makes them. */
    public void armEverywhere(String function, int code, int times) {
        control.faults_arm_everywhere(function, code, times);
    }

    /** Has the next call of one of these functions create this file and wait until that is removed. On Linux. */
    public void pause(String functions, String file) {
        control.faults_pause(functions, file);
    }

    /** Ends that, and tells what the thread has called. */
    public List<String> disarm() {
        return IntStream.range(0, control.faults_disarm())
                .mapToObj(control::faults_call)
                .toList();
    }

    /** How many calls the thread has made since it armed. */
    public int made() {
        return control.faults_made();
    }

    public String call(int index) {
        return control.faults_call(index);
    }

    /** How much of the system the library holds: descriptors, handles and mappings. */
    public int held() {
        return control.faults_held();
    }

    /** How often a function has been called, by any thread. */
    public int callsOf(String function) {
        return library.getGlobalVariableAddress("calls_" + function).getInt(0);
    }
}
