package dev.sharedregion.faults;

import com.sun.jna.Platform;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinNT;
import dev.sharedregion.EventPair;
import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.MessageHandler;
import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessagePartHandler;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.NamedMutex;
import dev.sharedregion.PairOptions;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.Request;
import dev.sharedregion.RequestClient;
import dev.sharedregion.RequestHandler;
import dev.sharedregion.RequestServer;
import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedObject;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import dev.sharedregion.TelemetryReader;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.pair.PairBlock;
import dev.sharedregion.internal.pair.PairBlockLayout;
import dev.sharedregion.internal.pair.Side;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The process of {@link FullStackTest}. It makes each call at each depth near the end of a thread's stack, and checks
 * that every object is usable after the {@link StackOverflowError}. It writes a line for each scenario, and {@code
 * done}.
 */
final class FullStackProgram {
    /** How long anything may take that must not hang. */
    private static final long PATIENCE_SECONDS = 60;

    private static final long STACK_SIZE = 512 << 10;
    private static final Duration LONG = Duration.ofSeconds(PATIENCE_SECONDS);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final PairOptions SLEEPING = PairOptions.defaults().spin(Duration.ZERO);
    private static final int SIZE = 4096;

    /** More than a thread has locked when it gets the bias. */
    private static final int TURNS_TO_BIAS = 300;

    /** At these depths from the end each is tried, further away every {@link #STEP}th. */
    private static final int EACH = Sizes.EXHAUSTIVE ? 8 : 2;

    private static final int STEP = Sizes.EXHAUSTIVE ? 100 : 800;

    /** The depths end when the call has succeeded as often in a row, */
    private static final int ENOUGH = Sizes.EXHAUSTIVE ? 5 : 2;

    /** or here, as a call that fills the stack itself never succeeds. */
    private static final int FARTHEST = 3_000;

    // Made here, as an action that is linked where the stack ends may fail for that.
    private static final EventPair.Action<RuntimeException> NOTHING = () -> {};
    private static final EventPair.Action<RuntimeException> ENDLESSLY = FullStackProgram::endlessly;
    private static final EventPair.ResultAction<String, RuntimeException> RESULT = () -> "result";
    private static final Consumer<ByteBuffer> UPDATE = bytes -> bytes.putInt(0, 1);
    private static final Consumer<ByteBuffer> ENDLESS_UPDATE = bytes -> endlessly();

    private static final MessageHandler TAKE = (type, message) -> {};
    private static final MessageHandler TAKE_ENDLESSLY = (type, message) -> endlessly();
    private static final MessagePartHandler TAKE_PART = (sender, type, part, last) -> {};
    private static final RequestHandler ANSWER = Request::bytes;
    private static final RequestHandler ANSWER_ENDLESSLY = request -> {
        endlessly();
        return null;
    };

    /** A ring has room for three of {@link #VALUE}. */
    private static final int CAPACITY = 256;

    /** It goes in parts, for all of which there is room. */
    private static final ByteBuffer LONGER = ByteBuffer.allocate(150);

    private static final int MANY = 100;

    private static final ByteBuffer VALUE = ByteBuffer.allocate(64);
    private static final ByteBuffer COPY = ByteBuffer.allocate(64);

    /** A call, or what is done before or after it. */
    private interface Step {
        void run(FullStackProgram program) throws Exception;
    }

    /**
     * The scenarios.
     *
     * @param before has enough stack
     * @param call is made where the stack ends
     * @param after has enough stack, in another thread, before everything is closed
     */
    private record Scenario(Step before, Step call, Step after) {}

    private static final Map<String, Scenario> SCENARIOS = new LinkedHashMap<>();

    static {
        Step nothing = program -> {};
        Step event = program -> program.event = program.keep(NamedEvent.create(program.name));
        Step eventWorks = program -> {
            program.event.set();
            check(program.event.await(LONG), "the event does not work");
        };
        add("event create", nothing, program -> program.keep(NamedEvent.create(program.name)), nothing);
        add("event open", event, program -> program.keep(NamedEvent.open(program.name)), eventWorks);
        add("event openOrCreate", nothing, program -> program.keep(NamedEvent.openOrCreate(program.name)), nothing);
        add("event toString", event, program -> program.event.toString(), eventWorks);
        add("event set", event, program -> program.event.set(), eventWorks);
        add("event reset", event, program -> program.event.reset(), eventWorks);
        add("event await", event, program -> program.event.await(SHORT), eventWorks);
        add("event await, set", program -> {
            event.run(program);
            program.event.set();
        }, program -> program.event.await(), eventWorks);
        add("event awaitAny", event, program -> NamedEvent.awaitAny(SHORT, program.event), eventWorks);
        add("event awaitAsync", program -> {
            event.run(program);
            program.event.set();
            program.future = null;
        }, program -> program.future = program.event.awaitAsync(), program -> {
            program.awaitFuture();
            eventWorks.run(program);
        });
        add("event awaitAsync, cancel", program -> {
            event.run(program);
            program.future = program.event.awaitAsync();
        }, program -> program.future.cancel(true), program -> {
            check(program.future.cancel(true), "it is not cancelled");
            eventWorks.run(program);
        });
        add("event close", event, program -> program.event.close(), nothing);
        add("interrupt of a waiter", program -> {
            event.run(program);
            program.waiting = program.others.submit(() -> {
                program.waiter = Thread.currentThread();
                program.event.await();
                return null;
            });
            Thread waiter;
            do {
                waiter = program.waiter;
                Thread.sleep(1);
            } while (waiter == null);
        }, program -> program.waiter.interrupt(), program -> {
            program.event.set();
            try {
                program.waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                check(e.getCause() instanceof InterruptedException, "the wait ended by " + e.getCause());
            }
            program.waiter = null;
        });

        add("region create", nothing, program -> program.keep(SharedRegion.create(program.name, SIZE)), nothing);
        Step region = program -> program.region = program.keep(SharedRegion.create(program.name, SIZE));
        Step regionWorks = program -> program.region.pointer().setInt(0, 1);
        add("region open", region, program -> program.keep(SharedRegion.open(program.name)), regionWorks);
        add(
                "region openOrCreate",
                nothing,
                program -> program.keep(SharedRegion.openOrCreate(program.name, SIZE)),
                nothing);
        add("region remove", nothing, program -> SharedRegion.remove(program.name), nothing);
        add("region pointer", region, program -> program.region.pointer().setInt(0, 1), regionWorks);
        add("region buffer", region, program -> program.region.buffer().putInt(0, 1), regionWorks);
        add("region isCurrent", region, program -> program.region.isCurrent(), regionWorks);
        add("region close", region, program -> program.region.close(), nothing);
        add("region close, lent", program -> {
            region.run(program);
            regionWorks.run(program);
        }, program -> program.region.close(), nothing);
        add("file map", nothing, program -> program.keep(SharedRegion.map(program.file, SIZE)), nothing);
        RegionOptions exclusive = RegionOptions.defaults().exclusive();
        add("file map by name", nothing,
                program -> program.keep(SharedRegion.map(
                        program.file, SIZE, RegionOptions.defaults().name(program.name))),
                nothing);
        Step file = program -> program.region = program.keep(SharedRegion.map(program.file, SIZE, exclusive));
        add("file flush", file, program -> program.region.flush(), program -> program.region.flush());
        add("file close", file, program -> program.region.close(), program -> {
            program.region.close();
            file.run(program);
        });
        add("anonymous", nothing, program -> program.keep(SharedRegion.anonymous(SIZE)), nothing);
        add("attach", program -> program.region = program.keep(SharedRegion.anonymous(SIZE)),
                program -> program.keep(SharedRegion.attach(program.region.ticket())), regionWorks);

        if (Platform.isWindows()) {
            addMutex(nothing);
        } else {
            // The refusal must come each time, too.
            add("mutex open", nothing, FullStackProgram::refuseMutex, nothing);
        }

        add("pair create", nothing, program -> program.keep(EventPair.create(program.name)), nothing);
        Step server = program -> {
            program.server = program.keep(EventPair.create(program.name, SLEEPING));
            program.client = null;
        };
        add(
                "pair open",
                server,
                program -> program.keep(EventPair.open(program.name)),
                program -> program.openAndTakeTurns());
        Step pair = program -> {
            server.run(program);
            program.client = program.keep(EventPair.open(program.name, SLEEPING));
        };
        Step busyPair = program -> {
            program.server = program.keep(EventPair.create(program.name));
            program.client = program.keep(EventPair.open(program.name));
        };
        Step takeTurns = program -> program.takeTurns();
        add("pair signal", pair, program -> program.server.signalWritten(), takeTurns);
        add("pair signal to a sleeping client", program -> {
            pair.run(program);
            program.waiting = program.others.submit(() -> {
                program.client.read(() -> {});
                return null;
            });
            program.awaitParked();
        }, program -> program.server.signalWritten(), program -> program.finishTurn());
        add("pair signal to a plain client", program -> {
            server.run(program);
            NamedEvent written = program.keep(NamedEvent.open(program.name + ".written"));
            NamedEvent read = program.keep(NamedEvent.open(program.name + ".read"));
            program.waiting = program.others.submit(() -> {
                written.await();
                read.set();
                return null;
            });
        }, program -> program.server.signalWritten(), program -> program.finishTurn());
        add("pair await, sleeping", pair, program -> program.client.awaitWritten(SHORT), takeTurns);
        add("pair awaitAsync", program -> {
            busyPair.run(program);
            program.server.signalWritten();
            program.future = null;
        }, program -> program.future = program.client.awaitWrittenAsync(), program -> {
            program.awaitFuture();
            program.takeTurns();
        });
        add("pair awaitReadAsync", program -> {
            busyPair.run(program);
            program.takeTurns();
            program.client.read(NOTHING);
            program.future = null;
        }, program -> program.future = program.server.awaitReadAsync(), program -> {
            program.awaitFuture();
            program.takeTurns();
        });
        add("pair await, spinning", busyPair, program -> program.client.awaitWritten(SHORT), takeTurns);
        add("pair await, written", program -> {
            busyPair.run(program);
            program.server.signalWritten();
        }, program -> program.client.awaitWritten(), takeTurns);
        add("pair write", busyPair, program -> program.server.write(NOTHING), takeTurns);
        add("pair write, the action fills the stack", busyPair,
                program -> program.server.write(ENDLESSLY), program -> {
            check(program.server.hasTurn(), "the turn was handed over");
            program.takeTurns();
        });
        add(
                "pair read",
                program -> {
                    busyPair.run(program);
                    program.server.signalWritten();
                },
                program -> program.client.read(NOTHING),
                takeTurns);
        add(
                "pair read with a result",
                program -> {
                    busyPair.run(program);
                    program.server.signalWritten();
                },
                program -> program.client.read(RESULT),
                takeTurns);
        add(
                "pair tryRead",
                program -> {
                    busyPair.run(program);
                    program.server.signalWritten();
                },
                program -> program.client.tryRead(RESULT, LONG),
                takeTurns);
        add(
                "pair awaitPeer",
                server,
                program -> program.server.awaitPeer(Duration.ZERO),
                program -> program.openAndTakeTurns());
        add("pair close, server", pair, program -> program.server.close(), nothing);
        add("pair close, client", pair, program -> program.client.close(), nothing);
        addLocks();
        addList();
        addTelemetry(nothing);
        addTables();
        addChannels();
        addRequests();
    }

    private static void addTables() {
        Step nothing = program -> {};
        Step writer = program -> program.writer = program.keep(LatestWriter.create(program.name, 64));
        Step table = program -> {
            writer.run(program);
            program.reader = program.keep(LatestReader.open(program.name));
        };
        Step set = program -> {
            table.run(program);
            program.writer.set(VALUE);
        };
        Step awaited = program -> {
            table.run(program);
            LatestReader reader = program.reader;
            program.waiting = program.others.submit(() -> {
                check(reader.awaitNewer(0, LONG), "it was not woken");
                return null;
            });
            Thread.sleep(3);
        };
        Step works = FullStackProgram::writeAndRead;
        add("table create", nothing, program -> program.keep(LatestWriter.create(program.name, 64)), nothing);
        add("table openOrCreate", nothing, program -> program.keep(LatestWriter.openOrCreate(program.name, 64)), nothing);
        add("table open to read", writer, program -> program.keep(LatestReader.open(program.name)), nothing);
        add("table set", table, program -> program.writer.set(VALUE), works);
        add("table set, awaited", awaited, program -> program.writer.set(VALUE), program -> {
            writeAndRead(program);
            program.waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        });
        add("table update", set, program -> program.writer.update(UPDATE), works);
        add("table update, the action fills the stack", set, program -> program.writer.update(ENDLESS_UPDATE), works);
        add("table read", set, program -> program.reader.read(COPY), works);
        add("table awaitNewer", set, program -> program.reader.awaitNewer(0, LONG), works);
        add("table awaitNewer in vain", set, program -> program.reader.awaitNewer(1, SHORT), works);
        add("table age", set, program -> program.reader.age(), works);
        add("table writerState", set, program -> program.reader.writerState(), works);
        add("table version", set, program -> program.reader.version(), works);
        add("table toString, writer", table, program -> program.writer.toString(), works);
        add("table toString, reader", table, program -> program.reader.toString(), works);
        add("table close, writer", table, program -> program.writer.close(), nothing);
        add("table close, reader", table, program -> program.reader.close(), nothing);
        add("table close, awaited", awaited, program -> program.reader.close(), program -> {
            program.reader.close();
            program.others.submit(() -> { }).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        });
    }

    /** Another value is read, and has a higher version. */
    private static void writeAndRead(FullStackProgram program) throws Exception {
        long before = program.writer.version();
        program.writer.set(VALUE);
        check(program.writer.version() == before + 1, "versions do not count the writes");
        check(program.reader.read(COPY) == before + 1, "the value is not read");
        check(program.reader.awaitNewer(before, LONG), "the value is not newer");
    }

    private static void addChannels() {
        Step nothing = program -> {};
        Step sender = program -> program.sender = program.keep(MessageSender.create(program.name, CAPACITY));
        Step receiver = program -> program.receiver = program.keep(MessageReceiver.create(program.name, CAPACITY));
        Step channel = program -> {
            sender.run(program);
            program.receiver = program.keep(MessageReceiver.open(program.name));
            program.expected = 0;
        };
        Step sent = program -> {
            channel.run(program);
            program.sender.send(VALUE);
        };
        Step received = program -> {
            sent.run(program);
            program.receiver.receive();
        };
        Step awaited = program -> {
            // With the bias, as the receiver's thread is another one.
            received.run(program);
            MessageReceiver same = program.receiver;
            program.waiting = program.others.submit(() -> {
                check(same.receive(LONG) != null, "it was not woken");
                return null;
            });
            Thread.sleep(3);
        };
        Step works = FullStackProgram::sendAndReceive;
        add("channel create to send", nothing, program -> program.keep(MessageSender.create(program.name, CAPACITY)),
                nothing);
        add("channel create to receive", nothing,
                program -> program.keep(MessageReceiver.create(program.name, CAPACITY)), nothing);
        add("channel openOrCreate to send", nothing,
                program -> program.keep(MessageSender.openOrCreate(program.name, CAPACITY)), nothing);
        add("channel openOrCreate to receive", nothing,
                program -> program.keep(MessageReceiver.openOrCreate(program.name, CAPACITY)), nothing);
        add("channel open to send", receiver, program -> program.keep(MessageSender.open(program.name)), nothing);
        add("channel open to receive", sender, program -> program.keep(MessageReceiver.open(program.name)), nothing);
        add("channel send", channel, program -> program.sendOne(), works);
        add("channel send, biased", received, program -> program.sendOne(), works);
        add("channel send, awaited", awaited, program -> program.sendOne(), program -> {
            if (program.expected == 0) {
                program.sender.send(VALUE);
            }
            program.waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            program.expected = 0;
            sendAndReceive(program);
        });
        add("channel send in parts", channel, program -> program.sender.send(LONGER), program -> {
            program.receiver.poll(TAKE, MANY);
            sendAndReceive(program);
        });
        Step full = program -> {
            channel.run(program);
            while (program.sender.offer(VALUE)) {
                program.expected++;
            }
        };
        add("channel send in vain", full, program -> program.sender.send(0, VALUE, SHORT), works);
        add("channel offer", channel, program -> program.expected = program.sender.offer(VALUE) ? 1 : 0, works);
        addBroadcasts();
        addMessagesInSteps(channel);
        addReceptions(channel, sent);
        add("channel toString, sender", channel, program -> program.sender.toString(), works);
        add("channel close, sender", channel, program -> program.sender.close(), nothing);
        add("channel close, receiver", channel, program -> program.receiver.close(), nothing);
        add("channel close, sent", sent, program -> program.receiver.close(), nothing);
        add("channel close, awaited", awaited, program -> program.receiver.close(), program -> {
            program.receiver.close();
            program.others.submit(() -> { }).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        });
    }

    private static void addBroadcasts() {
        Step works = FullStackProgram::sendAndReceive;
        MessageOptions several = MessageOptions.defaults().receivers(2);
        for (MessageOptions options : List.of(several, several.lossy())) {
            String kind = options == several ? "broadcast" : "lossy";
            Step made = program -> {
                program.sender = program.keep(MessageSender.create(program.name, CAPACITY, options));
                program.expected = 0;
            };
            Step channel = program -> {
                made.run(program);
                program.keep(program.receiver = MessageReceiver.open(program.name));
            };
            Step one = program -> {
                channel.run(program);
                program.sendOne();
            };
            // In a place at which the next record needs a padding.
            Step atEnd = program -> {
                channel.run(program);
                program.sender.send(ByteBuffer.allocate(CAPACITY / 2 - 24));
                program.sender.send(ByteBuffer.allocate(CAPACITY / 2 - 24));
                program.receiver.poll(TAKE, MANY);
            };
            add(kind + " create to send", program -> {},
                    program -> program.keep(MessageSender.create(program.name, CAPACITY, options)), program -> {});
            add(kind + " open to receive", made, program -> program.keep(MessageReceiver.open(program.name)),
                    program -> {});
            add(kind + " send", channel, program -> program.sendOne(), works);
            add(kind + " send at the end", atEnd, program -> program.sendOne(), works);
            add(kind + " receivers", channel, program -> program.sender.receivers(), works);
            add(kind + " poll", one, program -> program.expected -= program.receiver.poll(TAKE, MANY), works);
            add(kind + " lost", one, program -> program.receiver.lost(), works);
            add(kind + " toString", one, program -> program.sender.toString(), works);
            add(kind + " close", channel, program -> program.receiver.close(), program -> {});
        }
    }

    /** Messages that are written in place, or in parts. */
    private static void addMessagesInSteps(Step channel) {
        Step none = program -> {
            channel.run(program);
            program.claim = null;
            program.message = null;
        };
        Step claimed = program -> {
            channel.run(program);
            program.claim = program.sender.tryClaim(8);
        };
        Step begun = program -> {
            channel.run(program);
            program.message = program.sender.openMessage();
        };
        Step written = program -> {
            begun.run(program);
            program.message.write(VALUE.duplicate());
        };
        Step claimEnds = program -> {
            if (program.claim != null) {
                program.claim.close();
            }
            sendAndReceive(program);
        };
        Step messageEnds = program -> {
            if (program.message != null) {
                program.message.close();
            }
            program.receiver.poll(TAKE, MANY);
            sendAndReceive(program);
        };
        add("channel tryClaim", none, program -> program.claim = program.sender.tryClaim(8), claimEnds);
        add("channel claim", none, program -> program.claim = program.sender.claim(1, 8, LONG), claimEnds);
        add("claim buffer", claimed, program -> program.claim.buffer().putInt(0, 1), claimEnds);
        add("claim pointer", claimed, program -> program.claim.pointer().setInt(0, 1), claimEnds);
        add("claim commit", claimed, program -> {
            program.claim.commit();
            program.expected = 1;
        }, claimEnds);
        add("claim close", claimed, program -> program.claim.close(), claimEnds);
        add("channel openMessage", none, program -> program.message = program.sender.openMessage(), messageEnds);
        add("message write", begun, program -> program.message.write(VALUE.duplicate()), messageEnds);
        add("message commit", written, program -> program.message.commit(), messageEnds);
        add("message close", written, program -> program.message.close(), messageEnds);
    }

    private static void addReceptions(Step channel, Step sent) {
        Step works = FullStackProgram::sendAndReceive;
        // Whether the call has received it.
        Step worksAfterAll = program -> {
            check(program.receiver.poll(TAKE, MANY) <= 1, "a message comes twice");
            sendAndReceive(program);
        };
        Step one = program -> {
            sent.run(program);
            program.expected = 1;
        };
        add("channel poll", one, program -> program.expected -= program.receiver.poll(TAKE, MANY), works);
        add("channel poll, the handler fills the stack", sent,
                program -> program.receiver.poll(TAKE_ENDLESSLY, MANY), worksAfterAll);
        add("channel receive", sent, program -> program.receiver.receive(), worksAfterAll);
        add("channel receive in vain", channel, program -> program.receiver.receive(SHORT), works);
        add("channel receiveParts", sent, program -> program.receiver.receiveParts(TAKE_PART, 1, LONG), worksAfterAll);
        add("channel await", one, program -> program.receiver.await(LONG), works);
        add("channel awaitAsync", program -> {
            one.run(program);
            program.future = null;
        }, program -> program.future = program.receiver.awaitAsync(), program -> {
            program.awaitFuture();
            sendAndReceive(program);
        });
        add("channel backlog", one, program -> program.receiver.backlog(), works);
        add("channel aborted", one, program -> program.receiver.aborted(), works);
        add("channel fullCount", one, program -> program.receiver.fullCount(), works);
        add("channel toString, receiver", one, program -> program.receiver.toString(), works);
    }

    private void sendOne() throws InterruptedException {
        sender.send(VALUE);
        expected = 1;
    }

    /** What is expected is there, and nothing else; then another message arrives once. */
    private static void sendAndReceive(FullStackProgram program) throws Exception {
        int there = program.receiver.poll(TAKE, MANY);
        check(there == program.expected, there + " messages came, not " + program.expected);
        check(program.sender.send(1, VALUE, LONG), "there is no room");
        check(program.receiver.receive(LONG).equals(VALUE), "the message is not what was sent");
        check(program.receiver.receive(Duration.ZERO) == null, "a message comes twice");
    }

    private static void addRequests() {
        Step nothing = program -> {};
        Step server = program -> program.requestServer = program.keep(RequestServer.create(program.name, CAPACITY));
        Step client = program -> {
            server.run(program);
            program.requestClient = program.keep(RequestClient.open(program.name));
            program.reply = null;
        };
        Step asked = program -> {
            client.run(program);
            program.reply = program.requestClient.request(VALUE, LONG);
        };
        Step served = program -> {
            client.run(program);
            program.serve();
        };
        Step answered = program -> {
            asked.run(program);
            program.serve();
        };
        Step works = FullStackProgram::askAndEnd;
        Step closes = program -> {
            program.requestServer.close();
            program.awaitReply();
        };
        add("requests create", nothing, program -> program.keep(RequestServer.create(program.name, CAPACITY)), nothing);
        add("requests openOrCreate", nothing,
                program -> program.keep(RequestServer.openOrCreate(program.name, CAPACITY)), nothing);
        add("requests open", server, program -> program.keep(RequestClient.open(program.name)), nothing);
        add("requests call", served, program -> program.requestClient.call(VALUE, LONG), works);
        add("requests request", served, program -> program.reply = program.requestClient.request(VALUE, LONG), works);
        add("requests cancel", answered, program -> program.reply.cancel(true), works);
        add("requests serve", asked, program -> program.requestServer.serve(program.answerAndClose), closes);
        add("requests serve, the handler fills the stack", asked,
                program -> program.requestServer.serve(ANSWER_ENDLESSLY), closes);
        add("requests toString, client", served, program -> program.requestClient.toString(), works);
        add("requests toString, server", served, program -> program.requestServer.toString(), works);
        add("requests close, client", asked, program -> program.requestClient.close(), program -> {
            program.requestClient.close();
            program.awaitReply();
        });
        add("requests close, server", asked, program -> program.requestServer.close(), closes);
        Step serving = program -> {
            served.run(program);
            // Until it has begun: a server that is closed before refuses to serve.
            program.requestClient.call(VALUE, LONG);
        };
        add("requests close, server, served", serving, program -> program.requestServer.close(), program -> {
            program.requestServer.close();
            program.waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        });
    }

    private void serve() {
        RequestServer same = requestServer;
        waiting = others.submit(() -> {
            same.serve(ANSWER);
            return null;
        });
    }

    /** The last request has ended, and another one is answered. Then the server ends. */
    private static void askAndEnd(FullStackProgram program) throws Exception {
        program.awaitReply();
        check(program.requestClient.call(VALUE, LONG).equals(VALUE), "the reply is not what was sent");
        program.requestServer.close();
        program.waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The request has ended, whatever its end was. There is none if the call failed. */
    private void awaitReply() throws Exception {
        if (reply != null) {
            reply.handle((bytes, failure) -> true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void addLocks() {
        Step nothing = program -> {};
        Step lock = program -> {
            program.lock = program.keep(SharedLock.openOrCreate(program.name));
            program.guard = null;
        };
        // So often that this thread has the bias.
        Step biased = program -> {
            lock.run(program);
            for (int turn = 0; turn < TURNS_TO_BIAS; turn++) {
                program.lock.lock().close();
            }
        };
        Step lockedByBias = program -> {
            biased.run(program);
            program.guard = program.lock.lock();
        };
        Step locked = program -> {
            lock.run(program);
            program.guard = program.lock.lock();
        };
        Step awaited = program -> {
            locked.run(program);
            SharedLock same = program.keep(SharedLock.openOrCreate(program.name));
            program.waiting = program.others.submit(() -> {
                same.lock().close();
                return null;
            });
            Thread.sleep(3);
        };
        Step works = FullStackProgram::lockAgain;
        add("lock openOrCreate", nothing, program -> program.keep(SharedLock.openOrCreate(program.name)), nothing);
        add("lock", lock, program -> program.guard = program.lock.lock(), works);
        add("lock, biased", biased, program -> program.guard = program.lock.lock(), works);
        add("lock guard close, biased", lockedByBias, program -> program.guard.close(), works);
        add("lock close, biased", biased, program -> program.lock.close(), nothing);
        add("lock tryLock", lock, program -> program.guard = program.lock.tryLock(), works);
        add("lock tryLock in time", lock, program -> program.guard = program.lock.tryLock(LONG), works);
        add("lock tryLock, held", locked, program -> program.lock.tryLock(), works);
        add("lock toString", locked, program -> program.lock.toString(), works);
        add("lock abandoned", locked, program -> program.guard.abandoned(), works);
        add("lock markConsistent", locked, program -> program.guard.markConsistent(), works);
        add("lock guard toString", locked, program -> program.guard.toString(), works);
        add("lock guard close", locked, program -> program.guard.close(), works);
        add("lock guard close, awaited", awaited, program -> program.guard.close(), program -> {
            lockAgain(program);
            program.waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        });
        add("lock close", lock, program -> program.lock.close(), nothing);
        add("lock close, held", locked, program -> program.lock.close(), program -> {
            program.guard.close();
            program.lock.close();
        });
    }

    private static void addList() {
        Step listed = program -> {
            program.lock = program.keep(SharedLock.openOrCreate(program.name));
            program.guard = null;
            program.object = SharedObject.list().stream()
                    .filter(each -> each.name().equals(program.name))
                    .findFirst()
                    .orElseThrow();
        };
        Step works = program -> {
            check(program.object.details().get("holder").equals("none"), "somebody has the lock");
            lockAgain(program);
        };
        add("object list", listed, program -> SharedObject.list(), works);
        add("object details", listed, program -> program.object.details(), works);
        add("object removeDead", listed, program -> check(!program.object.removeDead(), "it lives"), works);
        add("object toString", listed, program -> program.object.toString(), works);
    }

    private static void addTelemetry(Step nothing) {
        Step producer = program -> program.region = program.keep(SharedRegion.create(program.name, SIZE));
        Step reader = program -> {
            producer.run(program);
            program.telemetry = program.keep(TelemetryReader.open(program.name, Sync.twice()));
        };
        Step works = program -> {
            TelemetryReader.Result result = program.telemetry.read(program.copy);
            check(EnumSet.of(TelemetryReader.Result.FRESH, TelemetryReader.Result.UNCHANGED).contains(result),
                    "the reader does not work: " + result);
        };
        add("telemetry open", nothing, program -> program.keep(TelemetryReader.open(program.name, Sync.twice())),
                nothing);
        add("telemetry read", reader, program -> program.telemetry.read(program.copy), works);
        add("telemetry await", reader, program -> program.telemetry.await(SHORT), works);
        add("telemetry problem", reader, program -> program.telemetry.problem(), works);
        add("telemetry toString", reader, program -> program.telemetry.toString(), works);
        add("telemetry close", reader, program -> program.telemetry.close(), nothing);
        add("telemetry sync", nothing, program -> Sync.mutex(program.name, Sync.versions(0, 4)), nothing);
        add("telemetry options", nothing, program -> TelemetryOptions.defaults(), nothing);
    }

    /** A guard that a call has returned is closed, once more if the stack was full. Then nobody has the lock. */
    private static void lockAgain(FullStackProgram program) throws Exception {
        if (program.guard != null) {
            program.guard.close();
        }
        SharedLock.Guard guard = program.lock.tryLock(LONG);
        check(guard != null, "nobody has the lock, and it is not free");
        guard.close();
    }

    private static void refuseMutex(FullStackProgram program) {
        try {
            NamedMutex.open(program.name);
        } catch (SharedMemoryException e) {
            check(e.reason() == Reason.UNSUPPORTED, e.toString());
            return;
        }
        throw new IllegalStateException("Linux has a mutex");
    }

    private static void addMutex(Step nothing) {
        Step foreign = program -> {
            // Another program's, made without the library.
            WinNT.HANDLE handle = Kernel32.INSTANCE.CreateMutex(null, false, program.name);
            program.keep(() -> Kernel32.INSTANCE.CloseHandle(handle));
        };
        Step mutex = program -> {
            foreign.run(program);
            program.mutex = program.keep(NamedMutex.open(program.name));
        };
        Step hold = program -> {
            mutex.run(program);
            program.hold = program.keep(program.mutex.acquire());
        };
        Step works = program -> program.mutex.tryAcquire(LONG).close();
        Step closes = program -> {
            program.hold.close();
            works.run(program);
        };
        add("mutex open", foreign, program -> program.keep(NamedMutex.open(program.name)), nothing);
        add("mutex acquire", mutex, program -> program.keep(program.mutex.acquire()), nothing);
        add("mutex tryAcquire", mutex, program -> program.mutex.tryAcquire(LONG).close(), nothing);
        add("mutex toString", mutex, program -> program.mutex.toString(), works);
        add("mutex close", mutex, program -> program.mutex.close(), nothing);
        add("hold close", hold, program -> program.hold.close(), closes);
        add("hold toString", hold, program -> program.hold.toString(), closes);
    }

    private static void add(String name, Step before, Step call, Step after) {
        SCENARIOS.put(name, new Scenario(before, call, after));
    }

    private final String name = TestNames.unique();
    private final Path file;
    private final ExecutorService others = Executors.newCachedThreadPool(run -> {
        Thread thread = new Thread(run);
        thread.setDaemon(true);
        return thread;
    });
    private final Deque<AutoCloseable> kept = new ArrayDeque<>();
    private NamedEvent event;
    private SharedRegion region;
    private SharedLock lock;
    private SharedLock.Guard guard;
    private final ByteBuffer copy = ByteBuffer.allocate(SIZE);
    private SharedObject object;
    private TelemetryReader telemetry;
    private LatestWriter writer;
    private LatestReader reader;
    private MessageSender sender;
    private MessageSender.Claim claim;
    private MessageSender.OutgoingMessage message;
    private MessageReceiver receiver;
    private RequestServer requestServer;
    private RequestClient requestClient;
    private CompletableFuture<ByteBuffer> reply;
    private final RequestHandler answerAndClose = request -> {
        requestServer.close();
        return null;
    };

    /** How many messages are in the channel. */
    private int expected;

    private NamedMutex mutex;
    private NamedMutex.Guard hold;
    private EventPair server;
    private EventPair client;
    private Future<?> waiting;
    private CompletableFuture<Void> future;
    private volatile Thread waiter;
    private int reached;

    private FullStackProgram(Path file) {
        this.file = file;
    }

    /** Arguments: a file of {@link #SIZE} bytes, and perhaps the one scenario to play. */
    public static void main(String[] arguments) throws Exception {
        FullStackProgram program = new FullStackProgram(Path.of(arguments[0]));
        for (Map.Entry<String, Scenario> each : SCENARIOS.entrySet()) {
            if (arguments.length > 1 && !each.getKey().equals(arguments[1])) {
                continue;
            }
            Throwable[] failure = new Throwable[1];
            Thread thread = new Thread(null, () -> {
                try {
                    System.out.println(each.getKey() + ": " + program.play(each.getValue()));
                } catch (Throwable e) {
                    failure[0] = e;
                }
            }, "full stack", STACK_SIZE);
            thread.start();
            thread.join();
            if (failure[0] != null) {
                System.out.println("wrong: " + each.getKey());
                failure[0].printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        }
        program.awaitCollector();
        System.out.println("done");
    }

    /** Every depth from the end of the stack on, until the call always succeeds. */
    private String play(Scenario scenario) throws Exception {
        int failures = 0;
        int successes = 0;
        for (int fromEnd = -EACH / 2; successes < ENOUGH && fromEnd < FARTHEST; fromEnd += fromEnd < EACH ? 1 : STEP) {
            scenario.before.run(this);
            // Anew each time, as the compiler makes frames smaller.
            int depth = deepest() - fromEnd;
            check(depth > 0, "the call does not succeed at any depth");
            boolean failed = false;
            try {
                atDepth(depth, scenario.call);
            } catch (StackOverflowError e) {
                failed = true;
            }
            try {
                inTime(() -> {
                    scenario.after.run(this);
                    while (!kept.isEmpty()) {
                        kept.pop().close();
                    }
                    return null;
                });
                checkNamesAreFree();
            } catch (Exception | Error e) {
                throw new IllegalStateException(
                        fromEnd + " frames from the end, after the call " + (failed ? "failed" : "succeeded"), e);
            }
            failures += failed ? 1 : 0;
            successes = failed ? 0 : successes + 1;
        }
        check(failures > 0, "the call never failed");
        return failures + " failures";
    }

    private int deepest() throws Exception {
        reached = 0;
        try {
            atDepth(Integer.MAX_VALUE, null);
        } catch (StackOverflowError e) {
            // That is the end.
        }
        return reached;
    }

    private void atDepth(int depth, Step call) throws Exception {
        reached++;
        if (depth > 0) {
            atDepth(depth - 1, call);
        } else {
            call.run(this);
        }
    }

    private static void endlessly() {
        endlessly();
    }

    private <T extends AutoCloseable> T keep(T opened) {
        kept.push(opened);
        return opened;
    }

    /** Runs a step in another thread. */
    private void inTime(Callable<?> step) throws Exception {
        Future<?> done = others.submit(step);
        try {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            Thread.getAllStackTraces().forEach((thread, frames) -> System.err.println(thread + " " + List.of(frames)));
            throw e;
        }
    }

    /** There is none if the call failed. */
    private void awaitFuture() throws Exception {
        if (future != null) {
            future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void awaitParked() throws InterruptedException {
        try (SharedRegion block = SharedRegion.open(name + ".pair")) {
            int place = PairBlock.ownerOffset(Side.READING) - PairBlockLayout.OWNER + PairBlockLayout.STATE;
            while ((block.pointer().getInt(place) & PairBlockLayout.STATE_BITS) != PairBlockLayout.PARKED) {
                Thread.sleep(1);
            }
        }
    }

    private void openAndTakeTurns() throws Exception {
        if (client == null) {
            client = kept.peek() == server ? keep(EventPair.open(name)) : (EventPair) kept.peek();
        }
        takeTurns();
    }

    /** The side that has the turn continues; a turn that was handed over is received. */
    private void takeTurns() throws Exception {
        if (server.hasTurn()) {
            server.signalWritten();
        }
        for (int turn = 0; turn < 2; turn++) {
            if (!server.hasTurn()) {
                if (!client.hasTurn() && !server.awaitRead(Duration.ZERO)) {
                    check(client.awaitWritten(LONG), "what was written does not come");
                }
                if (client.hasTurn()) {
                    client.signalRead();
                    check(server.awaitRead(LONG), "what was read does not come");
                }
            }
            server.signalWritten();
        }
    }

    /** The other side reads once, in a thread of its own. */
    private void finishTurn() throws Exception {
        if (server.hasTurn()) {
            server.signalWritten();
        }
        check(server.awaitRead(LONG), "the other side was not woken");
        waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void checkNamesAreFree() {
        checkIsFree(() -> SharedRegion.open(name));
        checkIsFree(() -> SharedRegion.open(name + ".pair"));
        checkIsFree(() -> SharedRegion.open(name + ".lock"));
        checkIsFree(() -> NamedEvent.open(name + ".unlocked"));
        checkIsFree(() -> SharedRegion.open(name + ".latest"));
        checkIsFree(() -> SharedRegion.open(name + ".newer"));
        checkIsFree(() -> NamedEvent.open(name + ".newer.1"));
        checkIsFree(() -> SharedRegion.open(name + ".messages"));
        checkIsFree(() -> NamedEvent.open(name + ".sent"));
        checkIsFree(() -> NamedEvent.open(name + ".freed.1"));
        checkIsFree(() -> SharedRegion.open(name + ".requests.messages"));
        checkIsFree(() -> NamedEvent.open(name + ".requests.sent"));
        checkIsFree(() -> NamedEvent.open(name + ".requests.freed.1"));
        checkIsFree(() -> NamedEvent.open(name));
        checkIsFree(() -> NamedEvent.open(name + ".written"));
        checkIsFree(() -> NamedEvent.open(name + ".read"));
    }

    private static void checkIsFree(Callable<AutoCloseable> open) {
        try {
            open.call().close();
        } catch (SharedMemoryException e) {
            check(e.reason() == Reason.NOT_FOUND, e.toString());
            return;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException("a name is left");
    }

    /** The collector closes what was dropped: no call holds its thread. */
    private void awaitCollector() throws Exception {
        NamedEvent.create(name);
        long giveUp = System.nanoTime() + LONG.toNanos();
        while (true) {
            System.gc();
            try {
                NamedEvent.create(name).close();
                return;
            } catch (SharedMemoryException e) {
                check(System.nanoTime() - giveUp < 0, "the collector does not close what was dropped");
            }
            Thread.sleep(5);
        }
    }

    private static void check(boolean right, String wrong) {
        if (!right) {
            throw new IllegalStateException(wrong);
        }
    }
}
