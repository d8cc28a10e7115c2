package dev.distill.data.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.CurationEngine;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.HeldOutSet;
import dev.distill.data.shard.ShardSize;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master, two workers and the program that asks them, each a process of its own. */
@Tag("slow")
class StandaloneClusterIT {
    private static final ShardSize SMALL = new ShardSize(60_000, 100_000);
    private static final CurationSettings STANDARD = CurationSettings.standard(
            new MathVerifier(), List.of(HeldOutSet.ofQuestions("held", List.of(Planted.HELD_OUT))));

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes.reversed()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    /** Starts a JVM that knows no class of ours but those on this class path. */
    private Process start(String classPath, List<String> flags, String... words) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log-" + processes.size()).toFile());
        builder.environment()
                .put("SPARK_HOME", SparkHome.FOLDER.toAbsolutePath().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("SPARK_SCALA_VERSION", "2.13"); // as the scripts of a distribution do
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static void awaitMaster(int port) throws Exception {
        for (int i = 0; i < 1_200; i++) {
            try (Socket _ = new Socket("127.0.0.1", port)) {
                return;
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        throw new IOException("the master did not come up in two minutes");
    }

    private static List<String> flags() {
        return List.of(System.getProperty("distill.spark.flags", "").split(" +"));
    }

    /** A program's work on the cluster: its arguments are the master, the harvest, the folder for what is made. */
    static final class Driver {
        private Driver() {}

        public static void main(String[] arguments) throws IOException {
            Both both = new Both(List.of(Path.of(arguments[1])), List.of(), SMALL, Path.of(arguments[2]));
            Both.Left left = both.spark(STANDARD, arguments[0], Both.Quiet.WATCH);
            Files.writeString(Path.of(arguments[2]).resolve("report"), left.json());
        }
    }

    @Test
    void separateProcessesLeaveWhatOneLeaves() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String master = "spark://127.0.0.1:" + port;
        assertThatThrownBy(() -> ClusterStart.start(master, Both.Quiet.WATCH))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no Spark master answers at " + master)
                .hasMessageContaining("start one, or leave --master out");

        String spark = SparkHome.make().resolve("jars") + File.separator + "*";
        start(
                spark,
                flags(),
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                "" + port,
                "--webui-port",
                "0");
        for (int worker = 0; worker < 2; worker++) {
            start(
                    spark,
                    flags(),
                    "org.apache.spark.deploy.worker.Worker",
                    "--host",
                    "127.0.0.1",
                    "--webui-port",
                    "0",
                    "-c",
                    "1",
                    "-m",
                    "1500m",
                    "-d",
                    folder.resolve("work-" + worker).toString(),
                    master);
        }
        Path harvest = folder.resolve("harvest");
        Planted.write(harvest, new Planted(13).traces(1_000), SMALL);
        Both both = new Both(List.of(harvest), List.of(), SMALL, folder);
        Both.Left local = both.local(STANDARD);

        Path made = Files.createDirectory(folder.resolve("made"));
        awaitMaster(port);
        Process driver = start(
                System.getProperty("java.class.path"),
                flags(),
                Driver.class.getName(),
                master,
                harvest.toString(),
                made.toString());
        assertThat(driver.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(driver.exitValue())
                .as(Files.readString(folder.resolve("log-3")))
                .isZero();
        assertThat(Files.readString(made.resolve("report"))).isEqualTo(local.json());
        Path left = made.resolve("spark-0");
        assertThat(Files.readString(left.resolve(CurationEngine.DECISIONS)))
                .isEqualTo(Files.readString(local.folder().resolve(CurationEngine.DECISIONS)));
        for (var shard : local.shards()) {
            assertThat(left.resolve(shard.path()))
                    .hasSameBinaryContentAs(local.folder().resolve(shard.path()));
        }
        assertThat(left.resolve(".spark")).doesNotExist();
    }
}
