package dev.distill.data.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("ledger.journal");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> records(Path file) throws IOException {
        List<String> records = new ArrayList<>();
        Journal.read(file, record -> records.add(new String(record, StandardCharsets.UTF_8)));
        return records;
    }

    private void write(String... records) throws IOException {
        try (Journal journal = Journal.open(file(), record -> {})) {
            for (String record : records) {
                journal.append(bytes(record));
            }
        }
    }

    @Test
    void recordsComeBackInOrderOverSeveralSessions() throws IOException {
        write("one", "", "three");
        write("four");

        List<String> replayed = new ArrayList<>();
        try (Journal journal =
                Journal.open(file(), record -> replayed.add(new String(record, StandardCharsets.UTF_8)))) {
            assertThat(journal.recovery()).isEqualTo(new Recovery(4, Files.size(file()), 0));
        }

        assertThat(replayed).containsExactly("one", "", "three", "four");
    }

    @Test
    void recordsAreReadByTheirPositions() throws IOException {
        write("one");
        Map<Long, String> positions = new LinkedHashMap<>();
        List<Thread> threads = new ArrayList<>();
        try (Journal journal = Journal.open(file(), record -> {})) {
            for (int i = 0; i < 100; i++) {
                String record = "x".repeat(i);
                threads.add(Thread.ofVirtual().start(() -> {
                    long position = journal.append(bytes(record));
                    synchronized (positions) {
                        positions.put(position, record);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Map<Long, String> replayed = new LinkedHashMap<>();
        Journal.open(
                        Storage.local(),
                        file(),
                        (record, position) -> replayed.put(position, new String(record, StandardCharsets.UTF_8)))
                .close();
        assertThat(replayed).hasSize(101).containsAllEntriesOf(positions);
        try (RecordFile records = new RecordFile(file())) {
            for (Map.Entry<Long, String> record : replayed.entrySet()) {
                assertThat(records.read(record.getKey(), record.getValue().length()))
                        .isEqualTo(bytes(record.getValue()));
            }
        }
    }

    @Test
    void appendReturnsOnlyWhenTheRecordIsSynced() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(folder, new Random(1));
        try (Journal journal = Journal.open(disk, file(), (record, _) -> {})) {
            long before = disk.operations();
            journal.append(bytes("one"));
            // one write, one sync
            assertThat(disk.operations()).isEqualTo(before + 2);
            disk.cutPower();
        }
        assertThat(records(file())).containsExactly("one");
    }

    @Test
    void aTornTailIsCutOffAndReported() throws IOException {
        write("one", "two");
        byte[] whole = Files.readAllBytes(file());
        // without the empty frame of the close, and without the last byte of "two"
        byte[] torn = Arrays.copyOf(whole, whole.length - Frame.HEADER - 1);
        Files.write(file(), torn);

        try (Journal journal = Journal.open(file(), record -> {})) {
            assertThat(journal.recovery().records()).isEqualTo(1);
            // header 16, length 4, "two" without its "o"
            assertThat(journal.recovery().tornBytes()).isEqualTo(22);
            journal.append(bytes("three"));
        }
        assertThat(records(file())).containsExactly("one", "three");
    }

    @Test
    void damageBeforeAValidRecordIsAnErrorAndChangesNothing() throws IOException {
        write("one", "two", "three");
        byte[] whole = Files.readAllBytes(file());
        // every byte behind the file's header, the closing frame at the end excepted: nothing valid follows that
        for (int at = Frame.FILE_HEADER; at < whole.length - Frame.HEADER; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file(), damaged);

            assertThatThrownBy(() -> Journal.open(file(), record -> {}).close())
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(file().toString())
                    .hasMessageMatching(
                            "(?s).*the frame at byte \\d+ is damaged.*Nothing was changed.*cut the file off.*")
                    .extracting(e -> ((JournalException) e).kind())
                    .isEqualTo(JournalException.Kind.DAMAGED);
            assertThat(Files.readAllBytes(file())).isEqualTo(damaged);
        }
    }

    @Test
    void aJournalInsideARecordIsNotTakenForFrames() throws IOException {
        write("inner");
        byte[] inner = Files.readAllBytes(file());
        Path outer = folder.resolve("outer.journal");
        try (Journal journal = Journal.open(outer, record -> {})) {
            journal.append(inner);
        }
        byte[] whole = Files.readAllBytes(outer);
        byte[] torn = Arrays.copyOf(whole, whole.length - Frame.HEADER);
        torn[Frame.FILE_HEADER] ^= 1;
        Files.write(outer, torn);

        assertThat(Journal.read(outer, record -> {})).isEqualTo(new Recovery(0, Frame.FILE_HEADER, torn.length - 24));
    }

    @Test
    void aSecondOpenerIsToldWhoOwnsTheFile() throws IOException {
        try (Journal journal = Journal.open(file(), record -> {})) {
            journal.append(bytes("one"));
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> Journal.open(file(), record -> {}).close())
                        .isInstanceOf(JournalException.class)
                        .hasMessageContaining(
                                "in use by process " + ProcessHandle.current().pid())
                        .hasMessageContaining("ledger.journal.lock");
            }
            journal.append(bytes("two"));
        }
        write("three");
        assertThat(records(file())).containsExactly("one", "two", "three");
    }

    @Test
    void anotherProcessIsToldWhoOwnsTheFile() throws Exception {
        try (Journal journal = Journal.open(file(), record -> {})) {
            Process other = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Opener.class.getName(),
                            journal.file().toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(other.waitFor()).as(said).isEqualTo(1);
            assertThat(said)
                    .contains("in use by process " + ProcessHandle.current().pid());
        }
    }

    /** The other process of the test above. */
    static final class Opener {
        public static void main(String[] args) throws IOException {
            Journal.open(Path.of(args[0]), record -> {}).close();
        }
    }

    @Test
    void whatIsNoJournalIsLeftAlone() throws IOException {
        byte[] newer = Frame.fileHeader(7);
        for (String content : List.of("", "notes of mine", "a text that is longer than the header of a journal")) {
            Files.writeString(file(), content);
            assertThatThrownBy(() -> Journal.open(file(), record -> {}).close())
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("is this the right file?");
            assertThat(file()).hasContent(content);
        }
        newer[Frame.MAGIC.length] = 2;
        Files.write(file(), newer);
        assertThatThrownBy(() -> Journal.open(file(), record -> {}).close())
                .hasMessageContaining("header whose checksum does not hold");
    }

    /** The test's own disk, whose next sync of a file waits until it is let go. */
    private static final class HeldDisk implements InvocationHandler {
        private final Storage disk;
        private final CountDownLatch inSync = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private volatile boolean hold;

        HeldDisk(Storage disk) {
            this.disk = disk;
        }

        Storage storage() {
            return (Storage) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Storage.class}, this);
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            Object result = method.invoke(disk, arguments);
            return result instanceof Storage.Output output ? held(output) : result;
        }

        private Object held(Storage.Output output) {
            InvocationHandler handler = (_, method, arguments) -> {
                if (hold && method.getName().equals("sync")) {
                    inSync.countDown();
                    release.await();
                }
                return method.invoke(output, arguments);
            };
            return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Storage.Output.class}, handler);
        }
    }

    @Test
    void recordsThatArriveDuringASyncShareTheNext() throws Exception {
        int threads = 500;
        SimulatedDisk disk = new SimulatedDisk(folder, new Random(1));
        HeldDisk held = new HeldDisk(disk);
        List<Thread> writers = new ArrayList<>();
        try (Journal journal = Journal.open(held.storage(), file(), (record, _) -> {})) {
            held.hold = true;
            writers.add(Thread.ofVirtual().start(() -> journal.append(bytes("first"))));
            held.inSync.await();
            for (int t = 0; t < threads; t++) {
                String record = "record " + t;
                writers.add(Thread.ofVirtual().start(() -> journal.append(bytes(record))));
            }
            for (Thread writer : writers) {
                while (writer.getState() != Thread.State.WAITING) {
                    Thread.sleep(1);
                }
            }
            long before = disk.operations();
            held.release.countDown();
            for (Thread writer : writers) {
                writer.join();
            }
            // The sync that was held, then the frame of all the others: a write and a sync.
            assertThat(disk.operations() - before).isEqualTo(3);
        }
        assertThat(records(file())).hasSize(threads + 1).doesNotHaveDuplicates().startsWith("first");
    }

    @Test
    void anInterruptedThreadNeitherLosesItsRecordNorHarmsTheJournal() throws IOException {
        try (Journal journal = Journal.open(file(), record -> {})) {
            Thread.currentThread().interrupt();
            journal.append(bytes("one"));
            assertThat(Thread.interrupted()).isTrue();
            journal.append(bytes("two"));
        }
        assertThat(records(file())).containsExactly("one", "two");
    }

    @Test
    void aFailedWriteStopsTheJournalAndKeepsWhatWasAcknowledged() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(folder, new Random(1));
        try (Journal journal = Journal.open(disk, file(), (record, _) -> {})) {
            journal.append(bytes("one"));
            disk.failAt(disk.operations());
            for (String record : List.of("two", "three")) {
                assertThatThrownBy(() -> journal.append(bytes(record)))
                        .isInstanceOf(JournalException.class)
                        .hasMessageContaining("no space left on device")
                        .hasMessageContaining("all that it has acknowledged is safe")
                        .hasMessageContaining("Make room and run again");
            }
        }
        write("four");
        assertThat(records(file())).containsExactly("one", "four");
    }

    @Test
    void aClosedJournalTakesNothing() throws IOException {
        Journal journal = Journal.open(file(), record -> {});
        journal.close();
        journal.close();
        assertThatThrownBy(() -> journal.append(bytes("late")))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("is closed");
    }
}
