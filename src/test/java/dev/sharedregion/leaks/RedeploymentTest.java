package dev.sharedregion.leaks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sharedregion.EventPair;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * A server that loads the library once can unload the applications that use it. (An application that brings JNA or the
 * library along cannot be unloaded: JNA 5.19 keeps the classes that {@code Native.register} has bound, and their class
 * loader.)
 */
class RedeploymentTest {
    @Test
    void applicationsClassLoadersAreNotKept() {
        List<String> options = List.of("-XX:+UseSerialGC", "-Xmx64m");
        try (Peer server = Peer.java(options, Server.class.getName(), TestNames.unique())) {
            for (int i = 0; i < Server.APPLICATIONS; i++) {
                server.expect("application " + i);
            }
            server.expect("class loaders left: 0");
            assertEquals(0, server.exitStatus(), server.errors());
        }
    }

    /** The process. Its argument: a name. */
    static final class Server {
        static final int APPLICATIONS = 10;

        /** JNA's own thread ends after 30 s in which it has nothing to do. */
        private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(100);

        public static void main(String[] arguments) throws Exception {
            Predicate<String> isTest = entry -> entry.contains("test-classes");
            ClassLoader library = new URLClassLoader(classPath(isTest.negate()), ClassLoader.getPlatformClassLoader());
            // Before any application does: the thread that JNA starts then keeps the class loader that it was started
            // in.
            Class<?> region = library.loadClass(SharedRegion.class.getName());
            ((AutoCloseable) region.getMethod("anonymous", long.class).invoke(null, 4096L)).close();
            List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
            for (int i = 0; i < APPLICATIONS; i++) {
                loaders.add(deploy(classPath(isTest), library, arguments[0] + "-" + i));
                System.out.println("application " + i);
            }
            long left = APPLICATIONS;
            for (long giveUp = System.nanoTime() + PATIENCE_NANOS; left > 0 && System.nanoTime() - giveUp < 0; ) {
                System.gc();
                TimeUnit.MILLISECONDS.sleep(20);
                left = loaders.stream().filter(loader -> loader.get() != null).count();
            }
            System.out.println("class loaders left: " + left);
        }

        private static URL[] classPath(Predicate<String> filter) throws MalformedURLException {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                if (filter.test(entry)) {
                    urls.add(new File(entry).toURI().toURL());
                }
            }
            return urls.toArray(URL[]::new);
        }

        /** Runs the application in the main thread, which stays, as a server's threads do. */
        private static WeakReference<ClassLoader> deploy(URL[] urls, ClassLoader parent, String name) throws Exception {
            Thread here = Thread.currentThread();
            ClassLoader before = here.getContextClassLoader();
            URLClassLoader loader = new URLClassLoader(urls, parent);
            try {
                here.setContextClassLoader(loader);
                loader.loadClass(Application.class.getName()).getMethod("run", String.class).invoke(null, name);
                return new WeakReference<>(loader);
            } finally {
                here.setContextClassLoader(before);
            }
        }
    }

    /** The class of which each class loader loads its own copy. */
    public static final class Application {
        private static final Duration SHORT = Duration.ofMillis(20);

        /** Long enough to have the system tell of the peer's end. */
        private static final Duration WATCHED = Duration.ofMillis(300);

        private Application() {}

        public static void run(String name) throws Exception {
            try (SharedRegion region = SharedRegion.create(name, 4096);
                    SharedRegion other = SharedRegion.open(name);
                    SharedRegion anonymous = SharedRegion.anonymous(4096);
                    SharedRegion attached = SharedRegion.attach(anonymous.ticket())) {
                region.pointer().setInt(0, other.buffer().getInt(0) + attached.pointer().getInt(0));
            }
            try (NamedEvent event = NamedEvent.create(name)) {
                event.await(SHORT);
                NamedEvent.awaitAny(SHORT, event);
                event.awaitAsync().cancel(true);
            }
            try (EventPair server = EventPair.create(name);
                    EventPair client = EventPair.open(name)) {
                client.awaitWritten(WATCHED);
                server.signalWritten();
                server.awaitRead(WATCHED);
            }
        }
    }
}
