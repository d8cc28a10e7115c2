package dev.distill.data.spark;

import dev.distill.data.curate.CurationEngine;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Starts Spark at a master. Settings of Spark's own are taken from the JVM's properties ({@code -Dspark.executor.memory=4g}), where
 * they are given; the workers' JVMs get the flags of this one, and the jars that Spark's own do not hold.
 */
final class ClusterStart {
    private static final int CONNECT_MS = 5_000;
    private static final long WORKERS_MS = 60_000;
    private static final Pattern ADDRESS = Pattern.compile("(?:spark://|,)([^,:]+):(\\d+)");

    private static final String MASTERS =
            "local, local[N], local[*], local-cluster[N,CORES,MIB], spark://HOST:PORT, yarn or k8s://HOST:PORT";
    private static final Pattern MASTER =
            Pattern.compile("local|local\\[.+]|local-cluster\\[.+]|spark://.+|yarn|k8s://.+");

    /** Flags without which a worker does not run as this JVM does. */
    private static final List<String> FLAGS =
            List.of("--add-modules=", "--add-opens=java.base/java.nio=", "--sun-misc", "--enable-native", "-Dai.djl");

    private ClusterStart() {}

    /** @throws IOException if it cannot be reached */
    static Cluster start(String master, CurationEngine.Watch watch) throws IOException {
        if (!MASTER.matcher(master).matches()) {
            throw new IllegalArgumentException("--master must be " + MASTERS + "; got " + master);
        }
        knock(master);
        JavaSparkContext context;
        try {
            context = new JavaSparkContext(settings(master));
        } catch (Exception e) { // also such as Java thinks cannot be thrown
            throw new IOException(
                    "curate: Spark could not be started at " + master + " (" + e.getMessage() + "); --master takes "
                            + MASTERS + " (docs/spark.md)",
                    e);
        }
        try {
            await(context, master, watch);
            return new Cluster(context, watch);
        } catch (IOException | RuntimeException e) {
            context.close();
            throw e;
        }
    }

    private static SparkConf settings(String master) {
        SparkConf conf = new SparkConf().setMaster(master).setAppName("distill curate");
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setIfMissing("spark.driver.maxResultSize", "0"); // answers are taken as they come
        conf.setIfMissing("spark.log.level", "WARN");
        if (master.startsWith("local[")) {
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            return conf;
        }
        String flags = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> FLAGS.stream().anyMatch(flag::startsWith))
                .collect(Collectors.joining(" "));
        conf.set(
                "spark.executor.extraJavaOptions",
                (conf.get("spark.executor.extraJavaOptions", "") + " " + flags).strip());
        ClassPath classes = ClassPath.ofWorkers();
        if (classes.folders().isEmpty()) {
            conf.set("spark.jars", join(classes.jars(), ",", conf.get("spark.jars", "")));
        } else { // classes in folders see no jars that are sent, so that all must be there
            String key = "spark.executor.extraClassPath";
            String jars = join(classes.jars(), File.pathSeparator, conf.get(key, ""));
            conf.set(key, join(classes.folders(), File.pathSeparator, jars));
        }
        return conf;
    }

    private static String join(List<Path> paths, String separator, String others) {
        String own = paths.stream().map(Path::toString).collect(Collectors.joining(separator));
        return others.isEmpty() ? own : own + separator + others;
    }

    /** A master that does not listen is found out at once: Spark itself would try for a minute, and then say little. */
    private static void knock(String master) throws IOException {
        if (!master.startsWith("spark://")) {
            return;
        }
        Matcher addresses = ADDRESS.matcher(master);
        IOException last = null;
        while (addresses.find()) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(addresses.group(1), Integer.parseInt(addresses.group(2))), CONNECT_MS);
                return;
            } catch (IOException | IllegalArgumentException e) {
                last = new IOException(
                        "curate: no Spark master answers at " + master + " (" + e.getMessage()
                                + "); start one, or leave --master out to run on this machine",
                        e);
            }
        }
        throw last != null ? last : new IOException("curate: --master must be spark://HOST:PORT; got " + master);
    }

    /** Waits for the first worker. */
    private static void await(JavaSparkContext context, String master, CurationEngine.Watch watch) throws IOException {
        if (master.startsWith("local[") || master.equals("local")) {
            return;
        }
        long until = System.nanoTime() + WORKERS_MS * 1_000_000;
        while (context.statusTracker().getExecutorInfos().length < 2) { // this process is one
            watch.check();
            if (context.sc().isStopped() || System.nanoTime() > until) {
                throw new IOException(
                        "curate: Spark's master at " + master
                                + " has given no executor; does it have workers with enough memory and free cores"
                                + " (-Dspark.executor.memory in DISTILL_JAVA_OPTS), and Java 25? Its page and its logs say more");
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }
}
